import {button, h} from "./dom";
import {endScreen, reviewScreen, waitingScreen} from "./review";
import {findCode, forgetCode, keepCode} from "./code";
import {ownScreen, unitScreen, unitsScreen} from "./units";
import {post, Refused} from "./server";
import {Draft} from "./draft";
import {problemOf} from "./rating";
import {rememberLanguage} from "./language";
import {votesScreen} from "./votes";
import {welcomeScreen} from "./welcome";

/** Milliseconds between attempts to send what waits. */
const RETRY = 20000;
const STEPS = ["welcome", "own", "units", "votes"];
const SCREENS = {
    welcome: welcomeScreen,
    own: ownScreen,
    units: unitsScreen,
    votes: votesScreen,
    review: reviewScreen,
    waiting: waitingScreen,
    counted: (app) => endScreen(app, "counted", "counted_hint"),
    thanks: (app) => endScreen(app, "thanks", "thanks_hint"),
    tested: (app) => endScreen(app, "tested", "tested_hint"),
    over: (app) => endScreen(app, "over", "over_hint"),
    soon: (app) => endScreen(app, "soon", "soon_hint"),
};

export class Form {
    constructor(page) {
        this.page = page;
        this.form = null;
        this.draft = null;
        this.at = "welcome";
        this.problem = "";
        this.isSending = false;
        this.main = document.getElementById("main");
        this.live = document.getElementById("live");
    }

    async start() {
        document.getElementById("forget").addEventListener("click", () => {
            document.getElementById("forget-dialog").showModal();
        });
        document.getElementById("forget-yes").addEventListener("click", () => {
            this.forget();
        });
        addEventListener("online", () => this._retry());
        addEventListener("hashchange", () => this._resume());
        setInterval(() => this._retry(), RETRY);
        await this._resume();
    }

    async _resume() {
        const code = findCode(this.page.token);
        if (code) {
            await this.enter(code);
        } else {
            this.show();
        }
    }

    /**
     * @param {String} key of the words
     * @param {Object|String|Number} values by name, or the only one
     */
    say(key, values) {
        const isNamed = values !== null && typeof values === "object";
        return this.page.words[key].replace(/\{(\w*)\}/g, (_place, name) =>
            isNamed ? values[name] : values
        );
    }

    // -------------------------------------------------------------------- code
    /** Ask for the form of whoever has this code. */
    async enter(code) {
        this.problem = "";
        try {
            this.form = await post(`${this.page.path}/ballot`, {
                code,
                lang: this.page.lang,
            });
        } catch (error) {
            this.form = null;
            if (error instanceof Refused && ["over", "soon"].includes(error.reason)) {
                this.show(error.reason);
                return;
            }
            this.problem =
                error instanceof Refused ? error.message : this.say("unreachable");
            this.show("welcome");
            document.getElementById("code").value = code;
            document.getElementById("code").focus();
            return;
        }
        this.code = code;
        keepCode(this.page.token, code);
        this.draft = new Draft(this.page.token, code);
        if (this.form.state === "counted") {
            this._end("counted");
            return;
        }
        this.draft.fit(this.form);
        document.body.classList.toggle("is-test", this.form.state === "test");
        if (this.draft.isWaiting) {
            await this.send();
        } else {
            this.show(this._known(this.draft.at));
        }
    }

    /** Where somebody was, if that is still there. */
    _known(at) {
        return this.unit(at) || STEPS.includes(at) || at === "review" ? at : "welcome";
    }

    unit(id) {
        return this.form.units.find((unit) => unit.id === id);
    }

    // ---------------------------------------------------------------- drawing
    /**
     * Go to a step and stay there through a reload.
     *
     * @param {String|Number} at a step, or the id of a unit
     * @param {Number} from the unit to find again in the list
     */
    go(at, from) {
        this.problem = "";
        this.draft.at = at;
        this.draft.save();
        this.show(at);
        const unit = from && this.main.querySelector(`[data-unit="${from}"]`);
        if (unit) {
            unit.focus();
        }
    }

    show(at = "welcome") {
        this.at = at;
        const unit = this.form && typeof at === "number" && this.unit(at);
        const screen = unit ? unitScreen(this, unit) : SCREENS[at](this);
        document.body.dataset.at = unit ? "unit" : at;
        document.getElementById("forget").hidden = !this.draft;
        document.getElementById("saved").hidden = !this.draft;
        this.main.replaceChildren(...this._notices(), screen);
        this._showProgress(unit ? "units" : at);
        const title = this.main.querySelector("h1");
        document.title = `${title.textContent} · ${this.page.name}`;
        scrollTo(0, 0);
        if (this._isShown) {
            title.focus({preventScroll: true});
        }
        this._isShown = true;
    }

    title(words) {
        return h("h1", {tabindex: "-1"}, words);
    }

    opening() {
        const opening = document.getElementById("opening").content.cloneNode(true);
        return h("div.opening", {}, opening);
    }

    buttons(back, next) {
        return h(
            "nav.buttons",
            {"aria-label": this.say("steps")},
            button("secondary", this.say("back"), back, {"data-action": "back"}),
            button("primary", this.say("next"), next, {"data-action": "next"})
        );
    }

    _notices() {
        const notices = [];
        if (this.form?.state === "test") {
            notices.push(h("p.notice", {}, this.say("test")));
        }
        if (this.draft && !this.draft.isSafe) {
            notices.push(h("p.notice", {role: "status"}, this.say("unsafe")));
        }
        return notices;
    }

    _showProgress(at) {
        const progress = document.getElementById("progress");
        const step = at === "review" ? STEPS.length : STEPS.indexOf(at);
        progress.hidden = !this.form || step < 0;
        if (progress.hidden) {
            return;
        }
        const isStep = step < STEPS.length;
        progress.replaceChildren(
            h(
                "p",
                {},
                isStep &&
                    h(
                        "b",
                        {},
                        this.say("step", {number: step + 1, total: STEPS.length})
                    ),
                this.say(`step_${at}`)
            ),
            h("progress", {
                max: STEPS.length + 1,
                value: step + 1,
                "aria-label": this.say("progress"),
            })
        );
    }

    /** Told quietly, and to a screen reader once in a while. */
    saved() {
        const isSafe = this.draft.isSafe;
        document.getElementById("saved").textContent = this.say(
            isSafe ? "saved" : "unsafe"
        );
    }

    // ---------------------------------------------------------------- sending
    _firstProblem() {
        const units = [this.form.unit, ...this.form.units];
        const wrong = units.find(
            (unit) =>
                this.draft.ratings[unit.id] &&
                problemOf(this.form, this.draft.ratings[unit.id])
        );
        if (wrong) {
            const problem = problemOf(this.form, this.draft.ratings[wrong.id]);
            return `${wrong.name}: ${this.say(problem)}`;
        }
        return this.draft.rated().length ? "" : this.say("nothing");
    }

    _refuse(words) {
        this.problem = words;
        this.draft.isWaiting = false;
        this.draft.at = "review";
        this.draft.save();
        this.show("review");
        document.getElementById("send-problem").scrollIntoView({block: "center"});
    }

    async send() {
        if (this.isSending) {
            return;
        }
        const problem = this._firstProblem();
        if (problem) {
            this._refuse(problem);
            return;
        }
        this.isSending = true;
        this.draft.isWaiting = true;
        this.draft.save();
        this.show("waiting");
        let reply = null;
        let refusal = null;
        try {
            reply = await post(`${this.page.path}/submit`, {
                code: this.code,
                lang: this.page.lang,
                ...this.draft.answer(),
            });
        } catch (error) {
            refusal = error;
        }
        this.isSending = false;
        if (reply) {
            this._end(reply.state === "tested" ? "tested" : "thanks");
        } else if (!(refusal instanceof Refused)) {
            this.show("waiting");
        } else if (refusal.reason === "over") {
            this._end("over");
        } else {
            this._refuse(refusal.message);
        }
    }

    _retry() {
        if (this.draft?.isWaiting && this.at === "waiting") {
            this.send();
        }
    }

    /** Not now, after all: nothing is sent before somebody presses again. */
    takeBack() {
        this.draft.isWaiting = false;
        this.go("review");
    }

    /** Nothing of it stays on this device. */
    _end(at) {
        this.draft.forget();
        this.draft = null;
        forgetCode();
        this.form = null;
        this.show(at);
    }

    forget() {
        this.draft?.forget();
        this.draft = null;
        forgetCode();
        this.form = null;
        this.code = "";
        this.problem = "";
        this.show("welcome");
        this.live.textContent = this.say("forgotten");
    }
}

const data = document.getElementById("page");
if (data) {
    const page = JSON.parse(data.textContent);
    if (rememberLanguage(page) && document.getElementById("main")) {
        new Form(page).start();
    }
}
