import {button, h, isFound} from "./dom";

const MOST_SHOWN = 20;

function stateWords(app, query, count, isFull) {
    if (isFull) {
        return app.say("votes_full", app.form.votes);
    }
    if (!query) {
        return app.say("votes_left", app.form.votes - app.draft.votes.length);
    }
    if (count > MOST_SHOWN) {
        return app.say("found_more", {number: MOST_SHOWN, total: count});
    }
    return app.say("found", count);
}

function person(colleague) {
    return [h("span.name", {}, colleague.name), h("span.status", {}, colleague.unit)];
}

function chosenItem(app, colleague, remove) {
    return h(
        "li",
        {},
        h("span.who", {}, person(colleague)),
        button("plain", app.say("remove"), () => remove(colleague.id), {
            "aria-label": app.say("remove_colleague", colleague.name),
        })
    );
}

function foundItem(colleague, add, isFull) {
    return h(
        "li",
        {},
        h(
            "button.colleague",
            {
                type: "button",
                disabled: isFull,
                "data-colleague": colleague.id,
                click: () => add(colleague.id),
            },
            person(colleague)
        )
    );
}

/** Colleagues who serve best: nobody has to name any. */
export function votesScreen(app) {
    const {draft, form} = app;
    const chosen = h("ul.chosen", {"aria-label": app.say("votes_chosen")});
    const results = h("ul.colleagues", {id: "colleague-list"});
    const state = h("p.hint", {role: "status"});
    const search = h("input", {
        id: "colleague-search",
        type: "search",
        autocomplete: "off",
        "aria-controls": "colleague-list",
    });
    const byId = new Map(form.colleagues.map((person) => [person.id, person]));
    let refresh = null;
    const change = (votes) => {
        draft.votes = votes;
        draft.save();
        app.saved();
        refresh();
    };
    const add = (id) => {
        search.value = "";
        change([...draft.votes, id]);
        search.focus();
    };
    const remove = (id) => {
        change(draft.votes.filter((vote) => vote !== id));
        (chosen.querySelector("button") || search).focus();
    };
    refresh = () => {
        const isFull = draft.votes.length >= form.votes;
        chosen.replaceChildren(
            ...draft.votes.map((id) => chosenItem(app, byId.get(id), remove))
        );
        const query = search.value.trim();
        const found = query
            ? form.colleagues.filter(
                  (person) =>
                      !draft.votes.includes(person.id) &&
                      isFound(`${person.name} ${person.unit}`, query)
              )
            : [];
        results.replaceChildren(
            ...found
                .slice(0, MOST_SHOWN)
                .map((person) => foundItem(person, add, isFull))
        );
        state.textContent = stateWords(app, query, found.length, isFull);
    };
    search.addEventListener("input", refresh);
    refresh();
    return h(
        "div.screen",
        {},
        app.title(app.say("votes_title")),
        h("p.lead", {}, app.say("votes_lead", form.votes)),
        chosen,
        h(
            "div.search",
            {},
            h("label", {for: "colleague-search"}, app.say("search_colleague")),
            search
        ),
        state,
        results,
        app.buttons(
            () => app.go("units"),
            () => app.go("review")
        )
    );
}
