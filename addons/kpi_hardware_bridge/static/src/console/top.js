import {h} from "./dom";
import {messageScreen} from "./screens";

/** Why the buttons are not there. */
export function waitingScreen(app) {
    const {state, queue} = app.sender;
    if (state === "revoked") {
        return messageScreen(app, "link", "revoked", "revoked_hint", [
            "revoked_kept",
            queue,
        ]);
    }
    if (state === "offline") {
        return messageScreen(app, "wait", "loading", "first_offline");
    }
    return messageScreen(app, "wait", "loading");
}

function languages(app) {
    const codes = Object.keys(app.page.words);
    if (codes.length < 2) {
        return null;
    }
    const shortened = codes.map((code) => code.split("_")[0]);
    const isShort = new Set(shortened).size === codes.length;
    return h(
        "nav.languages",
        {"aria-label": app.say("language")},
        ...codes.map((code, index) => {
            const button = h(
                "button",
                {
                    type: "button",
                    lang: code.replace("_", "-"),
                    "data-lang": code,
                    "aria-pressed": String(code === app.lang),
                },
                isShort ? shortened[index] : code.replace("_", " ")
            );
            button.addEventListener("click", () => app.speak(code));
            return button;
        })
    );
}

/** Where the console is, what troubles it, and the languages. */
export function topBar(app) {
    const {settings, sender} = app;
    const isTroubled = sender.state === "offline" || !app.store.isSafe;
    return h(
        "header.top",
        {},
        h(
            "p.place",
            {},
            settings && h("b", {}, settings.site || ""),
            settings && settings.point
        ),
        isTroubled && h("p.trouble", {role: "status"}, app.health()),
        languages(app)
    );
}
