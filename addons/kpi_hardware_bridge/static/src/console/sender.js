/** Presses in one request. */
const MOST_AT_ONCE = 200;
/** Seconds: between two signs of life, for one request, and between tries. */
const HEARTBEAT = 20;
const PATIENCE = 15;
const LONGEST_WAIT = 60;
const UNKNOWN_WAIT = 15;
/** A press that can be undone for longer than this was made by another clock. */
const LONGEST_HOLD = 10000;
/** What the server is told of a press; the rest is for this device. */
const TOLD = [
    "uuid",
    "console",
    "button",
    "at",
    "boottime",
    "boot_id",
    "held_ms",
    "seq",
];

class Refusal extends Error {
    constructor(response) {
        super(`${response.status}`);
        this.status = response.status;
        this.wait = Number(response.headers.get("Retry-After")) || 0;
    }
}

/**
 * Sends what is kept, oldest first, until the server has acknowledged each press.
 *
 * `state` is "new", "online", "offline" (tried again, less and less often) or "revoked":
 * the server knows no such link (any more).
 */
export class Sender {
    /**
     * @param {Object} page
     * @param {import("./store").Store} store
     * @param {import("./clock").Clock} clock
     * @param {Function} onReply called with the settings and the moment of the request
     * @param {Function} onChange called when `state` or `queue` changed
     */
    constructor(page, store, clock, {onReply, onChange}) {
        Object.assign(this, {page, store, clock, onReply, onChange});
        this.state = "new";
        this.queue = 0;
        this.dropped = 0;
        this.console = null;
        this._fails = 0;
        this._batch = MOST_AT_ONCE;
        this._inFlight = new Set();
    }

    start() {
        window.addEventListener("online", () => this.retry());
        window.addEventListener("offline", () => this._set("offline"));
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.retry();
            }
        });
        return this.run();
    }

    /** There is something new to send; after a failure it waits its turn. */
    kick() {
        return this._fails ? this.measure() : this.run();
    }

    retry() {
        this._fails = 0;
        return this.run();
    }

    isInFlight(seq) {
        return this._inFlight.has(seq);
    }

    async measure() {
        if (this.console) {
            this.dropped += await this.store.trim(this.console);
            this.queue = await this.store.count(this.console);
            this.onChange();
        }
    }

    async run() {
        if (this._running) {
            this._again = true;
            return;
        }
        this._running = true;
        clearTimeout(this._timer);
        let wait = HEARTBEAT;
        try {
            let more = true;
            while (more) {
                this._again = false;
                const {isFull, next} = await this._alone(() => this._send());
                more = isFull || this._again;
                wait = next;
            }
            this._fails = 0;
            this._set("online");
        } catch (error) {
            this._fails += 1;
            wait = this._waitAfter(error);
        }
        await this.measure();
        this._running = false;
        this._timer = setTimeout(() => this.run(), wait * 1000);
    }

    /** Ask for the settings only; nothing is stored by that. */
    async refresh() {
        if (this.state !== "online" || this._running) {
            return;
        }
        const startedAt = Date.now();
        try {
            const response = await this._fetch("settings");
            this.onReply(await response.json(), startedAt, this._skew(response));
        } catch {
            this.run();
        }
    }

    /** Ask for something, and take over the settings of the answer. */
    async post(name, body, whenDone = () => undefined) {
        const startedAt = Date.now();
        const response = await this._fetch(name, {
            method: "POST",
            headers: {"Content-Type": "application/json"},
            body: JSON.stringify(body),
        });
        const reply = await response.json();
        await whenDone(reply);
        this.onReply(reply.settings, startedAt, this._skew(response));
        return reply;
    }

    async _send() {
        if (!this.console) {
            // Whose presses to look for is what the settings say.
            const response = await this._fetch("settings");
            this.onReply(await response.json(), Date.now(), this._skew(response));
        }
        const waiting = await this.store.presses(this.console, this._batch);
        const now = Date.now();
        const held = waiting.findIndex(
            ({ready}) => ready > now && ready < now + LONGEST_HOLD
        );
        const presses = held < 0 ? waiting : waiting.slice(0, held);
        this._inFlight = new Set(presses.map((press) => press.seq));
        try {
            const {at, boottime, boot_id} = this.clock.now();
            const body = {
                sender: this.console,
                sent_at: at,
                boot_id,
                sent_boottime: boottime,
                queue: (await this.store.count(this.console)) - presses.length,
                dropped: this.dropped,
                version: `web ${this.page.app}`,
                events: presses.map((press) =>
                    Object.fromEntries(TOLD.map((name) => [name, press[name]]))
                ),
            };
            await this.post("events", body, ({results}) => {
                const done = new Set(results.map((result) => result.uuid));
                return this.store.remove(
                    presses.filter(({uuid}) => done.has(uuid)).map(({seq}) => seq)
                );
            });
        } finally {
            this._inFlight.clear();
        }
        this._batch = MOST_AT_ONCE;
        return {
            isFull: held < 0 && presses.length === MOST_AT_ONCE,
            next: held < 0 ? HEARTBEAT : (waiting[held].ready - Date.now()) / 1000,
        };
    }

    _waitAfter(error) {
        if (error.status === 404) {
            this._set("revoked");
            return UNKNOWN_WAIT;
        }
        if (error.status === 413 || error.status === 400) {
            this._batch = Math.max(1, Math.floor(this._batch / 2));
        }
        this._set("offline");
        const wait = Math.min(LONGEST_WAIT, 2 ** Math.min(this._fails - 1, 6));
        return Math.max(error.wait || 0, wait * (0.75 + Math.random() / 2));
    }

    _set(state) {
        if (this.state !== state) {
            this.state = state;
            this.onChange();
        }
    }

    async _fetch(name, options = {}) {
        const response = await fetch(`${this.page.path}/${name}`, {
            credentials: "omit",
            referrerPolicy: "no-referrer",
            signal: AbortSignal.timeout(PATIENCE * 1000),
            ...options,
        });
        if (!response.ok) {
            throw new Refusal(response);
        }
        return response;
    }

    /** How much the server's clock is ahead, in ms. */
    _skew(response) {
        const moment = Date.parse(response.headers.get("Date"));
        return Number.isNaN(moment) ? 0 : moment - Date.now();
    }

    /** Two tabs with one console take turns. */
    _alone(work) {
        if (!navigator.locks) {
            return work();
        }
        return navigator.locks.request(`kpi-console-${this.page.path}`, work);
    }
}
