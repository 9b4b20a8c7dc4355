import {Clock, newUuid} from "./clock";
import {h} from "./dom";
import {Invitation} from "./invitation";
import {keepAwake, keepInstalled} from "./device";
import {isPressing} from "./press";
import {
    countScreen,
    messageScreen,
    questionScreen,
    redScreen,
    sellerScreen,
    thanksScreen,
} from "./screens";
import {Sender} from "./sender";
import {staffBar} from "./staff";
import {Store} from "./store";

/** Milliseconds: how long things stay on the screen. */
const THANKS = 3500;
const TOAST = 2600;
const OTHER_LANGUAGE = 40000;
/** A counted visitor can be taken back for so long, and is sent after that. */
const UNDO = 4000;
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
        this.settings = null;
        // What outlives a reload, see `_remember`.
        this.memory = {answered: [], invite: null, storm: null, day: "", count: 0};
        this._changedAt = 0;
        this._soldAt = 0;
        this._skew = 0;
        this._undo = [];
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
            press.ready = Date.now() + UNDO;
        }
        this._changedAt = Date.now();
        const kept = this.store.add(press);
        this._feel();
        if (isCounted) {
            this._count(1);
        } else {
            this._answer(button, press, held >= this.settings.long_press * 1000);
        }
        this._remember();
        this.draw();
        const seq = await kept;
        if (isCounted) {
            this._offerUndo({seq, ready: press.ready});
        }
        this.sender.kick();
    }

    _answer(button, press, isLong) {
        if (ANSWERS.includes(button)) {
            this._endInvite();
            this._thank("thanks", "thanks_answer");
        } else if (button === "complaint") {
            this._thank("red_thanks", isLong ? "red_long" : "red_short");
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
            this._count(1);
            this._ask(uuid);
        }
    }

    _ask(uuid) {
        const {meaning, mode, window: seconds} = this.settings;
        if (meaning === "attempt") {
            this.toast(this.say("noted"));
        } else if (mode === "three_button") {
            this._invite({uuid, until: Date.now() + seconds * 1000});
        } else {
            this.toast(this.say("asked"));
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
        this._dropThanks();
        const isNew = this.memory.invite?.uuid !== uuid;
        this.memory.invite = {uuid, until};
        this._showInvite();
        if (isNew && this.question()) {
            this.invitation.play(this.settings.invitation, (video) =>
                this._show(video)
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
            this._remember();
        }
    }

    _show(video) {
        const screen = h("div.video", {}, video);
        screen.addEventListener("click", () => this.invitation.stop());
        video.addEventListener("close", () => screen.remove());
        document.body.append(screen);
    }

    // ------------------------------------------------------------------ counting
    today() {
        return this.memory.day === this._day() ? this.memory.count : 0;
    }

    _count(change) {
        this.memory.count = Math.max(0, this.today() + change);
        this.memory.day = this._day();
    }

    _day() {
        return new Date().toDateString();
    }

    _offerUndo(counted) {
        this._undo.push(counted);
        this._showUndo();
        setTimeout(() => this._showUndo(), counted.ready - Date.now() + 50);
    }

    _showUndo() {
        const now = Date.now();
        this._undo = this._undo.filter(({ready}) => ready > now);
        document.body.classList.toggle("can-undo", this._undo.length > 0);
    }

    /** Only what is still here can be taken back: what was sent, is so for good. */
    async undo() {
        this._showUndo();
        const last = this._undo.pop();
        if (last && !this.sender.isInFlight(last.seq)) {
            await this.store.remove([last.seq]);
            this._count(-1);
            this._remember();
            this.toast(this.say("undone"));
            this.draw();
            this.sender.measure();
        }
        this._showUndo();
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
        this._remember();
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

    _remember() {
        const {settings, memory} = this;
        return this.store.set(this.page.path, {settings, memory});
    }

    /** Somebody is at it: no moment for a reload. */
    isBusy() {
        return Boolean(
            isPressing() || this.memory.invite || this._thanks || this.sheet
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
            this.today(),
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
            return [this._top(), this._message()];
        }
        const screen = SCREENS[mode];
        if (!screen) {
            return [this._top(), messageScreen(this, "wait", "none", "none_hint")];
        }
        return [
            this._top(),
            screen(this),
            ...(mode === "red_button" ? [] : [staffBar(this)]),
        ];
    }

    _message() {
        const {state, queue} = this.sender;
        if (state === "revoked") {
            return messageScreen(this, "link", "revoked", "revoked_hint", [
                "revoked_kept",
                queue,
            ]);
        }
        if (state === "offline") {
            return messageScreen(this, "wait", "loading", "first_offline");
        }
        return messageScreen(this, "wait", "loading");
    }

    _top() {
        const {settings, sender} = this;
        const place =
            settings && h("p.place", {}, h("b", {}, settings.site), settings.point);
        const isTroubled = sender.state === "offline" || !this.store.isSafe;
        return h(
            "header.top",
            {},
            place || h("p.place", {}),
            isTroubled && h("p.trouble", {role: "status"}, this.health()),
            this._languages()
        );
    }

    _languages() {
        const codes = Object.keys(this.page.words);
        if (codes.length < 2) {
            return null;
        }
        const shortened = codes.map((code) => code.split("_")[0]);
        const isShort = new Set(shortened).size === codes.length;
        return h(
            "nav.languages",
            {"aria-label": this.say("language")},
            ...codes.map((code, index) => {
                const button = h(
                    "button",
                    {
                        type: "button",
                        lang: code.replace("_", "-"),
                        "data-lang": code,
                        "aria-pressed": String(code === this.lang),
                    },
                    isShort ? shortened[index] : code.replace("_", " ")
                );
                button.addEventListener("click", () => this._speak(code));
                return button;
            })
        );
    }

    /** The next customer finds the page in the language of the shop. */
    _speak(code) {
        this.lang = code;
        this.draw();
        clearTimeout(this._langTimer);
        this._langTimer = setTimeout(() => {
            this.lang = this.settings?.lang || this.page.lang;
            this.draw();
        }, OTHER_LANGUAGE);
    }

    _thank(title, text) {
        this._dropThanks();
        this._thanks = thanksScreen(this, title, text);
        document.body.append(this._thanks);
        const drop = () => this._dropThanks();
        this._thanksTimer = setTimeout(drop, THANKS);
        // A second tap of the same finger is no wish to go on.
        setTimeout(() => this._thanks?.addEventListener("pointerdown", drop), 700);
    }

    _dropThanks() {
        clearTimeout(this._thanksTimer);
        this._thanks?.remove();
        this._thanks = null;
    }

    toast(text) {
        this._toast?.remove();
        clearTimeout(this._toastTimer);
        this._toast = h("p.toast", {role: "status"}, text);
        document.body.append(this._toast);
        this._toastTimer = setTimeout(() => this._toast.remove(), TOAST);
    }

    /** What a held button will do, as long as it is held. */
    whisper(text) {
        this._whisper?.remove();
        this._whisper = text ? h("p.toast.whisper", {role: "status"}, text) : null;
        document.body.append(...(this._whisper ? [this._whisper] : []));
    }
}

const data = document.getElementById("page");
if (data) {
    new Console(JSON.parse(data.textContent)).start();
}
