import {button, h} from "./dom";
import {countMarks, problemOf} from "./rating";

function reviewItem(app, unit) {
    const {draft, form} = app;
    const rating = draft.rating(unit);
    const problem = problemOf(form, rating);
    const isOwn = unit.id === form.unit.id;
    return h(
        "li.card",
        {},
        h(
            "div",
            {},
            isOwn && h("p.tag", {}, app.say("own")),
            h("p.name", {}, unit.name),
            h("p.status", {}, app.say("marks_given", countMarks(rating))),
            rating.comment.trim() && h("p.quote", {}, rating.comment.trim()),
            problem && h("p.problem", {}, app.say(problem))
        ),
        button("plain", app.say("change"), () => app.go(isOwn ? "own" : unit.id), {
            "aria-label": app.say("change_unit", unit.name),
        })
    );
}

/** All that would be sent, and what stands in the way. */
export function reviewScreen(app) {
    const {draft, form} = app;
    const rated = [form.unit, ...form.units].filter((unit) => draft.ratings[unit.id]);
    const send = button("primary.send", app.say("send"), () => app.send(), {
        "data-action": "send",
    });
    const byId = new Map(form.colleagues.map((person) => [person.id, person]));
    return h(
        "div.screen",
        {},
        app.title(app.say("review_title")),
        h("p.lead", {}, app.say("review_lead")),
        rated.length
            ? h(
                  "ul.review",
                  {},
                  rated.map((unit) => reviewItem(app, unit))
              )
            : h("p.card", {}, app.say("nothing")),
        h(
            "section.card",
            {},
            h("h2", {}, app.say("votes_chosen")),
            draft.votes.length
                ? h(
                      "ul",
                      {},
                      draft.votes.map((id) =>
                          h("li", {}, `${byId.get(id).name}, ${byId.get(id).unit}`)
                      )
                  )
                : h("p", {}, app.say("votes_none")),
            button("plain", app.say("change"), () => app.go("votes"), {
                "aria-label": app.say("change_votes"),
            })
        ),
        h("p.problem", {id: "send-problem", role: "alert"}, app.problem),
        h(
            "nav.buttons",
            {"aria-label": app.say("steps")},
            button("secondary", app.say("back"), () => app.go("votes"), {
                "data-action": "back",
            }),
            send
        )
    );
}

/** On its way, or waiting for a connection. */
export function waitingScreen(app) {
    return h(
        "div.screen.message",
        {},
        app.title(app.say(app.isSending ? "sending" : "not_sent")),
        !app.isSending && h("p.lead", {}, app.say("not_sent_hint")),
        !app.isSending &&
            h(
                "nav.buttons",
                {"aria-label": app.say("steps")},
                button("secondary", app.say("back"), () => app.takeBack(), {
                    "data-action": "back",
                }),
                button("primary", app.say("try_again"), () => app.send(), {
                    "data-action": "send",
                })
            )
    );
}

/** Nothing more to do. */
export function endScreen(app, title, words) {
    return h(
        "div.screen.message",
        {},
        h("p.mark-done", {"aria-hidden": "true"}, "✓"),
        app.title(app.say(title)),
        h("p.lead", {}, app.say(words)),
        h("p", {}, h("a", {href: app.page.privacy}, app.say("privacy")))
    );
}
