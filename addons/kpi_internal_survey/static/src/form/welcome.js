import {button, h} from "./dom";

function whose(app) {
    const {draft, form} = app;
    return h(
        "section.card.whose",
        {},
        h("p.label", {}, app.say("answer_for")),
        h("p.unit-name", {}, form.unit.name),
        !draft.isEmpty && h("p.hint", {}, app.say("kept_here")),
        button(
            "primary",
            app.say(draft.isEmpty ? "begin" : "go_on"),
            () => app.go("own"),
            {"data-action": "begin"}
        )
    );
}

function codeField(app) {
    const input = h("input", {
        id: "code",
        type: "text",
        autocomplete: "off",
        autocapitalize: "characters",
        spellcheck: "false",
        maxlength: 40,
        placeholder: "XXXX-XXXX-XXXX-XXXX",
        "aria-describedby": "code-hint code-problem",
        "aria-invalid": String(Boolean(app.problem)),
    });
    const enter = async (event) => {
        event.preventDefault();
        if (input.value.trim()) {
            await app.enter(input.value.trim());
        }
    };
    return h(
        "form.card.code",
        {submit: enter, novalidate: true},
        h("label", {for: "code"}, app.say("code")),
        h("p.hint", {id: "code-hint"}, app.say("code_hint")),
        input,
        h("p.problem", {id: "code-problem", role: "alert"}, app.problem),
        h("button.primary", {type: "submit"}, app.say("open"))
    );
}

/** What it is about, how nobody is known, and the code of who came without a link. */
export function welcomeScreen(app) {
    const {form} = app;
    return h(
        "div.screen",
        {},
        app.title(app.page.name),
        app.opening(),
        h(
            "section.card.anonymity",
            {},
            h("h2", {}, app.say("anonymity")),
            h(
                "ul",
                {},
                ["anonymity_1", "anonymity_2", "anonymity_3", "anonymity_4"].map(
                    (key) => h("li", {}, app.say(key, app.page.minimum))
                )
            ),
            h("p", {}, h("a", {href: app.page.privacy}, app.say("privacy")))
        ),
        form ? whose(app) : codeField(app)
    );
}
