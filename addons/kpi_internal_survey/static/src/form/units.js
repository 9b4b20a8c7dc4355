import {button, h, isFound} from "./dom";
import {countMarks, problemOf, ratingForm} from "./rating";

/** One's own unit: asked first. */
export function ownScreen(app) {
    const {form} = app;
    return h(
        "div.screen",
        {},
        app.title(app.say("own_title", form.unit.name)),
        h("p.lead", {}, app.say("own_lead")),
        ratingForm(app, form.unit),
        app.buttons(
            () => app.go("welcome"),
            () => app.go("units")
        )
    );
}

function unitItem(app, unit) {
    const rating = app.draft.ratings[unit.id];
    const problem = rating && problemOf(app.form, rating);
    const status = problem
        ? app.say(problem)
        : rating && app.say("marks_given", countMarks(rating));
    return h(
        `li${rating ? ".is-rated" : ""}`,
        {},
        h(
            "button.unit",
            {type: "button", "data-unit": unit.id, click: () => app.go(unit.id)},
            h("span.name", {}, unit.name),
            h(
                `span.status${problem ? ".is-problem" : ""}`,
                {},
                status || app.say("rate")
            )
        )
    );
}

/** The units somebody works with: he chooses. */
export function unitsScreen(app) {
    const {draft, form} = app;
    const list = h("ul.units");
    const found = h("p.hint", {role: "status"});
    const search = h("input", {
        id: "unit-search",
        type: "search",
        autocomplete: "off",
        "aria-controls": "unit-list",
    });
    list.id = "unit-list";
    const refresh = () => {
        const units = form.units.filter((unit) => isFound(unit.name, search.value));
        list.replaceChildren(...units.map((unit) => unitItem(app, unit)));
        found.textContent = search.value.trim() ? app.say("found", units.length) : "";
    };
    search.addEventListener("input", refresh);
    refresh();
    const rated = form.units.filter((unit) => draft.ratings[unit.id]).length;
    return h(
        "div.screen",
        {},
        app.title(app.say("units_title")),
        h("p.lead", {}, app.say("units_lead")),
        h("p.count", {}, app.say("units_rated", rated)),
        h(
            "div.search",
            {},
            h("label", {for: "unit-search"}, app.say("search_unit")),
            search
        ),
        found,
        list,
        app.buttons(
            () => app.go("own"),
            () => app.go("votes")
        )
    );
}

export function unitScreen(app, unit) {
    const remove = () => {
        app.draft.remove(unit);
        app.saved();
        app.go("units", unit.id);
    };
    return h(
        "div.screen",
        {},
        app.title(unit.name),
        h("p.lead", {}, app.say("unit_lead")),
        ratingForm(app, unit),
        h(
            "nav.buttons",
            {"aria-label": app.say("steps")},
            button("plain", app.say("remove_marks"), remove),
            button("primary", app.say("to_list"), () => app.go("units", unit.id), {
                "data-action": "next",
            })
        )
    );
}
