import {h, icon} from "./dom";
import {bindPress} from "./press";

const ANSWERS = ["yes", "no", "unsure"];

/** A button of the console; held long enough, it says so. */
export function pressButton(app, name, className, children, {long, words} = {}) {
    const label = h("span.press-label", {}, ...children);
    const button = h(
        `button.${className}`,
        {type: "button", "data-button": name},
        label
    );
    let shown = "";
    bindPress(button, app.clock, {
        onPress: (stamp, held) => app.press(name, stamp, held),
        onHold: (held) => {
            if (!long) {
                return;
            }
            button.style.setProperty("--held", Math.min(1, held / long));
            const state = held >= long ? "long" : held > 300 ? "holding" : "";
            if (state !== shown) {
                shown = state;
                button.classList.toggle("is-long", state === "long");
                app.overlay.whisper(state && words[state]);
            }
        },
    });
    return button;
}

export function messageScreen(app, picture, title, ...hints) {
    return h(
        "main.message",
        {"data-message": title},
        icon(picture),
        h("h1", {}, app.say(title)),
        ...hints.map((hint) =>
            Array.isArray(hint)
                ? h("p.message-kept", {}, app.say(...hint))
                : h("p", {}, app.say(hint))
        )
    );
}

export function thanksScreen(app, title, text) {
    const screen = h(
        "div.thanks",
        {role: "status", "aria-live": "assertive"},
        h("div.thanks-mark", {}, icon("check")),
        h("p.thanks-title", {}, app.say(title)),
        text && h("p.thanks-text", {}, app.say(text))
    );
    return screen;
}

export function sellerButton(app, className) {
    return pressButton(
        app,
        "seller",
        className,
        [icon("bell"), h("span", {}, app.say("seller"))],
        {
            long: app.settings.long_press * 1000,
            words: {
                holding: app.say("seller_hold", app.settings.long_press),
                long: app.say("seller_release"),
            },
        }
    );
}

/** What does not fit beside a short word is written smaller. */
function wordy(text) {
    return text.length > 12 ? ".is-wordy" : "";
}

/** Long questions are written smaller, so that they never need scrolling. */
function sizeOf(text) {
    const size = text.length > 110 ? "is-long" : text.length > 60 ? "is-medium" : "";
    return `question-text ${size}`;
}

export function questionScreen(app) {
    const question = app.question();
    if (!question) {
        return messageScreen(app, "wait", "no_question", "no_question_hint");
    }
    return h(
        "main.question",
        {},
        h("p.question-invite", {role: "status"}, app.say("invite")),
        h("h1.question-text", {class: sizeOf(question)}, question),
        h(
            "div.answers",
            {},
            ...ANSWERS.map((name) =>
                pressButton(app, name, `answer.answer-${name}${wordy(app.say(name))}`, [
                    icon(name),
                    app.say(name),
                ])
            )
        ),
        h("div.question-window", {})
    );
}

function todayLine(app) {
    return h(
        "p.today",
        {"aria-live": "polite"},
        h("b.today-count", {}, String(app.counter.today())),
        app.say("today")
    );
}

export function sellerScreen(app) {
    const {meaning, long_press: long} = app.settings;
    return h(
        "main.single",
        {},
        h(
            "h1.single-title",
            {},
            app.say(meaning === "attempt" ? "seller_attempt" : "seller_ask")
        ),
        sellerButton(app, "giant.giant-seller"),
        h("p.single-hint", {}, app.say("seller_hold", long)),
        todayLine(app)
    );
}

export function redScreen(app) {
    const long = app.settings.long_press;
    return h(
        "main.single.red",
        {},
        h("h1.single-title", {}, app.say("red_title")),
        pressButton(
            app,
            "complaint",
            "giant.giant-red",
            [h("span", {}, app.say("red_button"))],
            {
                long: long * 1000,
                words: {holding: app.say("red_holding"), long: app.say("red_release")},
            }
        ),
        h(
            "div.red-steps",
            {},
            h("p", {}, app.say("red_press")),
            h("p", {}, app.say("red_hold", long))
        )
    );
}

function undoButton(app) {
    const button = h(
        "button.undo",
        {type: "button", "data-action": "undo"},
        icon("undo"),
        app.say("undo")
    );
    button.addEventListener("click", () => app.counter.undo());
    return button;
}

export function countScreen(app) {
    const isStudy = app.settings.mode === "study";
    return h(
        "main.single.count",
        {},
        h(
            "h1.single-title",
            {},
            isStudy ? app.say("study", app.settings.study) : app.say("counting")
        ),
        isStudy && h("p.single-hint", {}, app.say("studying")),
        pressButton(app, isStudy ? "seller" : "visitor", "giant.giant-count", [
            icon("visitor"),
            h("span", {}, app.say("visitor")),
        ]),
        h("div.count-end", {}, todayLine(app), undoButton(app))
    );
}
