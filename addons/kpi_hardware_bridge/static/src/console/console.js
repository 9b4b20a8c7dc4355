import {Clock, newUuid} from "./clock";
import {Counter} from "./counter";
import {Invitation} from "./invitation";
import {keepAwake, keepInstalled} from "./device";
import {isPressing} from "./press";
import {
    countScreen,
    messageScreen,
    questionScreen,
    redScreen,
    sellerScreen,
} from "./screens";
import {Sender} from "./sender";
import {Overlay} from "./overlay";
import {staffBar} from "./staff";
import {topBar, waitingScreen} from "./top";
import {Store} from "./store";

/** Milliseconds: how long another language stays. */
const OTHER_LANGUAGE = 40000;
const REFRESH = 5000;
/** Presses of sellers whose customers answered already. */
const MOST_ANSWERED = 30;

const ANSWERS = ["yes", "no", "unsure"];
const SCREENS = {
    three_button: questionScreen,
    seller_button: sellerScreen,
    red_button: redScreen,
    counting: countScreen,
    study: countScreen,
};

export class Console {
    constructor(page) {
        this.page = page;
        this.lang = page.lang;
        this.clock = new Clock();
        this.store = new Store();
        this.invitation = new Invitation();
        this.overlay = new Overlay(this);
        this.settings = null;
        // What outlives a reload, see `_remember`.
        this.memory = {answered: [], invite: null, storm: null, day: "", count: 0};
        this._changedAt = 0;
        this._soldAt = 0;
        this._writing = 0;
        this._skew = 0;
        this.counter = new Counter(this);
    }

    async start() {
        await this.store.open();
        this.sender = new Sender(this.page, this.store, this.clock, {
            onReply: (...reply) => this._take(...reply),
            onChange: () => this._changed(),
        });
        const known = await this.store.get(this.page.path);
        if (known) {
            Object.assign(this.memory, known.memory);
            this._settle(known.settings);
        }
        this.draw();
        await this._resume();
        keepAwake();
        keepInstalled(this);
        setInterval(() => this._poll(), REFRESH);
        await this.sender.start();
    }

    // ------------------------------------------------------------------- words
    say(key, value) {
        const words = this.page.words[this.lang] || this.page.words[this.page.lang];
        return words[key].replace("{}", value);
    }

    tag() {
        return this.lang.replace("_", "-");
    }

    question() {
        const texts = this.settings.question;
        return texts && (texts[this.lang] || texts[this.settings.lang]);
    }

    /** How the device is, in words for the staff. */
    health() {
        if (!this.store.isSafe) {
            return this.say("unsafe");
        }
        const {state, queue} = this.sender;
        if (state === "offline") {
            return this.say("offline", queue);
        }
        return queue ? this.say("waiting", queue) : this.say("sent");
    }

    // ------------------------------------------------------------------ pressing
    /** A button went down at `stamp` and was held for `held` ms. */
    async press(button, stamp, held) {
        const {console: name, mode} = this.settings;
        const press = {uuid: newUuid(), console: name, button, held_ms: held, ...stamp};
        const isCounted = ["counting", "study"].includes(mode);
        if (isCounted) {
            press.ready = this.counter.readyAt();
        }
        this._changedAt = Date.now();
        const kept = this._keep(press);
        this.sender.queue += 1;
        this._feel();
        if (isCounted) {
            this.counter.add(1);
        } else {
            this._answer(button, press, held >= this.settings.long_press * 1000);
        }
        this.remember();
        this.draw();
        const seq = await kept;
        if (isCounted) {
            this.counter.offerUndo({seq, ready: press.ready});
        }
        this.sender.kick();
    }

    /** On the disk when this resolves; the page tells how many are on their way. */
    async _keep(press) {
        this._writing += 1;
        document.body.dataset.writing = this._writing;
        const seq = await this.store.add(press);
        this._writing -= 1;
        document.body.dataset.writing = this._writing;
        return seq;
    }

    _answer(button, press, isLong) {
        if (ANSWERS.includes(button)) {
            this._endInvite();
            this.overlay.thank("thanks", "thanks_answer");
        } else if (button === "complaint") {
            this.overlay.thank("red_thanks", isLong ? "red_long" : "red_short");
        } else if (button === "over") {
            this.memory.storm = null;
        } else if (isLong) {
            const since = Date.now();
            const until = since + this.settings.limit * 1000;
            this.memory.storm = this.forceMajeure() ? null : {since, until};
        } else {
            this._sell(press.uuid);
        }
    }

    /** The seller asks, or tells of an attempt; twice in a moment is once. */
    _sell(uuid) {
        const now = Date.now();
        const isRepeated = now - this._soldAt < this.settings.bounce * 1000;
        this._soldAt = now;
        if (!isRepeated) {
            this.counter.add(1);
            this._ask(uuid);
        }
    }

    _ask(uuid) {
        const {meaning, mode, window: seconds} = this.settings;
        if (meaning === "attempt") {
            this.overlay.toast(this.say("noted"));
        } else if (mode === "three_button") {
            this._invite({uuid, until: Date.now() + seconds * 1000});
        } else {
            this.overlay.toast(this.say("asked"));
        }
    }

    _feel() {
        navigator.vibrate?.(20);
    }

    // ---------------------------------------------------------------- invitations
    /** Ask the customer, by what the console was given for that, until the time is over. */
    _invite({uuid, until}) {
        if (this.memory.answered.includes(uuid)) {
            return;
        }
        this.overlay.drop();
        const isNew = this.memory.invite?.uuid !== uuid;
        this.memory.invite = {uuid, until};
        this._showInvite();
        if (isNew && this.question()) {
            this.invitation.play(this.settings.invitation, (video) =>
                this.overlay.show(video, () => this.invitation.stop())
            );
        }
    }

    _showInvite() {
        clearTimeout(this._inviteTimer);
        const {until} = this.memory.invite;
        const left = until - Date.now();
        document.body.classList.toggle("is-invited", left > 0);
        if (left > 0) {
            document.body.style.setProperty("--window", `${left}ms`);
            this._inviteTimer = setTimeout(() => this._endInvite(), left);
        }
    }

    _endInvite() {
        clearTimeout(this._inviteTimer);
        this.invitation.stop();
        document.body.classList.remove("is-invited");
        if (this.memory.invite) {
            this.memory.answered = [
                this.memory.invite.uuid,
                ...this.memory.answered,
            ].slice(0, MOST_ANSWERED);
            this.memory.invite = null;
            this.remember();
        }
    }

    // ------------------------------------------------------------ force majeure
    forceMajeure() {
        const {storm} = this.memory;
        return storm && storm.until > Date.now() ? storm : null;
    }

    // ------------------------------------------------------------------- replies
    _poll() {
        const wantsToAsk = ["three_button", "study"].includes(this.settings?.mode);
        if (wantsToAsk && document.visibilityState === "visible") {
            this.sender.refresh();
        }
        if (this.memory.storm && !this.forceMajeure()) {
            this.memory.storm = null;
            this.draw();
        }
    }

    /** Settings came; what they say of the moment holds if nothing was pressed since. */
    async _take(settings, startedAt, skew) {
        this._settle(settings);
        this._skew = skew;
        const isCurrent = startedAt > this._changedAt;
        if (isCurrent && !(await this.store.count(settings.console))) {
            this._follow(settings);
        }
        this.remember();
        this._changed();
    }

    /** What happened elsewhere: another console, an order, a till. */
    _follow({force_majeure: begun, asked}) {
        const here = (moment) => Date.parse(moment) - this._skew;
        this.memory.storm = begun && {
            since: here(begun.since),
            until: here(begun.until),
        };
        if (
            this.settings.mode !== "three_button" ||
            this.settings.buttons === "seller"
        ) {
            return;
        }
        if (asked && asked.uuid !== this.memory.invite?.uuid) {
            this._invite({uuid: asked.uuid, until: here(asked.until)});
        } else if (!asked && this.memory.invite) {
            this._endInvite();
        }
    }

    _settle(settings) {
        if (!this.settings || this.settings.lang !== settings.lang) {
            this.lang =
                settings.lang in this.page.words ? settings.lang : this.page.lang;
        }
        this.settings = settings;
        this.sender.console = settings.console;
        this.invitation.prepare(settings.invitation);
        document.title = settings.point || settings.console;
    }

    /** Where it was, after a reload or a power cut. */
    async _resume() {
        await this.sender.measure();
        if (this.settings && this.memory.invite) {
            this._showInvite();
        }
    }

    remember() {
        const {settings, memory} = this;
        return this.store.set(this.page.path, {settings, memory});
    }

    /** Somebody is at it: no moment for a reload. */
    isBusy() {
        return Boolean(
            isPressing() || this.memory.invite || this.overlay.isThanking || this.sheet
        );
    }

    // ------------------------------------------------------------------- drawing
    _changed() {
        if (this.sender.state === "revoked") {
            this._endInvite();
            this.sheet?.dialog.close();
        }
        this.draw();
    }

    /** Draw the page anew when something of it changed, and no finger is on it. */
    draw() {
        if (isPressing()) {
            clearTimeout(this._drawTimer);
            this._drawTimer = setTimeout(() => this.draw(), 100);
            return;
        }
        const shown = JSON.stringify([
            this.settings && {...this.settings, asked: null},
            this.lang,
            this.memory.storm,
            this.counter.today(),
            this.sender?.state,
            this.sender?.queue,
            this.store.isSafe,
        ]);
        if (shown === this._shown) {
            return;
        }
        this._shown = shown;
        document.documentElement.lang = this.tag();
        document.body.dataset.state = this.sender?.state || "new";
        document.body.dataset.queue = this.sender?.queue || 0;
        const focused = document.activeElement?.dataset.button;
        document.body
            .querySelectorAll(":scope > header, :scope > main, :scope > footer")
            .forEach((part) => part.remove());
        document.body.prepend(...this._parts());
        if (focused) {
            document.body.querySelector(`[data-button="${focused}"]`)?.focus();
        }
    }

    _parts() {
        const {settings, sender} = this;
        const isKnown = settings && sender.state !== "revoked";
        const mode = isKnown ? settings.mode : "message";
        document.body.dataset.mode = mode;
        if (!isKnown) {
            return [topBar(this), waitingScreen(this)];
        }
        const screen = SCREENS[mode];
        if (!screen) {
            return [topBar(this), messageScreen(this, "wait", "none", "none_hint")];
        }
        return [
            topBar(this),
            screen(this),
            ...(mode === "red_button" ? [] : [staffBar(this)]),
        ];
    }

    /** The next customer finds the page in the language of the shop. */
    speak(code) {
        this.lang = code;
        this.draw();
        clearTimeout(this._langTimer);
        this._langTimer = setTimeout(() => {
            this.lang = this.settings?.lang || this.page.lang;
            this.draw();
        }, OTHER_LANGUAGE);
    }
}

const data = document.getElementById("page");
if (data) {
    new Console(JSON.parse(data.textContent)).start();
}
