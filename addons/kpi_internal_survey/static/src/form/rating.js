import {h} from "./dom";
import {legend, scale} from "./scale";

export function isExtreme(form, mark) {
    return mark <= form.low || mark >= form.high;
}

/** Names of the criteria of a unit whose marks ask for a word. */
export function extremes(form, rating) {
    return form.groups
        .flatMap((group) => group.criteria)
        .filter((criterion) => isExtreme(form, rating.marks[criterion.id]))
        .map((criterion) => criterion.name);
}

export function countMarks(rating) {
    return Object.keys(rating.marks).length;
}

/** Why what is said of a unit cannot be sent; a key of words, or null. */
export function problemOf(form, rating) {
    const isSaid = Boolean(rating.comment.trim());
    if (isSaid && !countMarks(rating)) {
        return "comment_alone";
    }
    if (form.needs_comment && !isSaid && extremes(form, rating).length) {
        return "comment_needed";
    }
    return null;
}

function commentField(app, unit) {
    const {form, draft} = app;
    const id = `comment-${unit.id}`;
    const prompt = h("p.prompt", {id: `${id}-prompt`, "aria-live": "polite"});
    const area = h("textarea", {
        id,
        rows: 4,
        maxlength: form.most_comment,
        "aria-describedby": `${id}-prompt ${id}-hint`,
    });
    area.value = draft.rating(unit).comment;
    const refresh = () => {
        const rating = draft.rating(unit);
        const names = extremes(form, rating);
        const isNeeded = form.needs_comment && names.length > 0;
        const isMissing = isNeeded && !rating.comment.trim();
        const words = names.length
            ? app.say(
                  isNeeded ? "extreme_needed" : "extreme",
                  names.map((name) => `“${name}”`).join(", ")
              )
            : "";
        if (prompt.textContent !== words) {
            prompt.textContent = words;
        }
        prompt.hidden = !words;
        prompt.classList.toggle("is-missing", isMissing);
        area.setAttribute("aria-required", String(isNeeded));
        area.setAttribute("aria-invalid", String(isMissing));
    };
    area.addEventListener("input", () => {
        draft.setComment(unit, area.value);
        app.saved();
        refresh();
    });
    const element = h(
        "div.comment",
        {},
        h("label", {for: id}, app.say("comment")),
        prompt,
        area,
        h("p.hint", {id: `${id}-hint`}, app.say("comment_hint"))
    );
    return {element, refresh};
}

/** All criteria of one unit, and a comment. */
export function ratingForm(app, unit) {
    const {form, draft} = app;
    const comment = commentField(app, unit);
    const count = h("p.count", {role: "status"});
    const refresh = () => {
        count.textContent = app.say("marked", {
            number: countMarks(draft.rating(unit)),
            total: form.groups.flatMap((group) => group.criteria).length,
        });
        comment.refresh();
    };
    refresh();
    return h(
        "div.rating",
        {},
        legend(app),
        form.groups.map((group) =>
            h(
                "section.group",
                {},
                h("h2", {}, group.name),
                group.criteria.map((criterion) =>
                    scale(app, unit, criterion, (mark) => {
                        draft.setMark(unit, criterion, mark);
                        app.saved();
                        refresh();
                    })
                )
            )
        ),
        comment.element,
        count
    );
}
