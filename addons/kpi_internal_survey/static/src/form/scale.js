import {h} from "./dom";

export const MARKS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const TONES = 5;

export function bandOf(form, mark) {
    return form.bands.find((band) => band.from <= mark && mark <= band.to);
}

/** From 1 to 5: the colours of the scale, however many bands it has. */
function tone(form, band) {
    const place = form.bands.indexOf(band);
    const last = Math.max(form.bands.length - 1, 1);
    return Math.round((place / last) * (TONES - 1)) + 1;
}

function range(band) {
    return band.from === band.to ? `${band.from}` : `${band.from}–${band.to}`;
}

export function toneOf(form, mark) {
    const band = bandOf(form, mark);
    return band ? `tone-${tone(form, band)}` : "tone-3";
}

/** What the marks mean, for those who want to look it up. */
export function legend(app) {
    const {form} = app;
    return h(
        "details.legend",
        {},
        h("summary", {}, app.say("scale")),
        h(
            "ul",
            {},
            form.bands
                .toReversed()
                .map((band) =>
                    h(
                        "li",
                        {},
                        h(`b.range.tone-${tone(form, band)}`, {}, range(band)),
                        band.name
                    )
                )
        )
    );
}

function choice(name, attributes, words) {
    return h(
        `label.${name}`,
        {},
        h("input", {type: "radio", ...attributes}),
        h("span", {}, words)
    );
}

/** Ten marks for one criterion; nothing is marked until somebody does. */
export function scale(app, unit, criterion, changed) {
    const {form} = app;
    const chosen = app.draft.rating(unit).marks[criterion.id];
    const name = `mark-${unit.id}-${criterion.id}`;
    const meaning = h("span.meaning", {"aria-hidden": "true"});
    const group = h(
        "fieldset.criterion",
        {"aria-describedby": criterion.hint ? `${name}-hint` : null},
        h("legend", {}, criterion.name),
        criterion.hint && h("p.hint", {id: `${name}-hint`}, criterion.hint),
        h(
            "div.marks",
            {},
            MARKS.map((mark) => {
                const words = bandOf(form, mark)?.name;
                return choice(
                    `mark.${toneOf(form, mark)}`,
                    {
                        name,
                        value: mark,
                        "aria-label": words ? `${mark}, ${words}` : null,
                        checked: mark === chosen,
                    },
                    String(mark)
                );
            })
        ),
        h(
            "div.below",
            {},
            meaning,
            choice(
                "unmarked",
                {name, value: "", checked: !chosen},
                app.say("cannot_say")
            )
        )
    );
    const tell = (mark) => {
        meaning.className = `meaning ${mark ? toneOf(form, mark) : ""}`;
        meaning.textContent = mark ? `${mark} · ${bandOf(form, mark)?.name || ""}` : "";
    };
    group.addEventListener("change", (event) => {
        const mark = Number(event.target.value) || null;
        tell(mark);
        changed(mark);
    });
    tell(chosen);
    return group;
}
