/** A pause without key, mouse or touch that long is no work, from its beginning. */
export const IDLE_AFTER = 5 * 60 * 1000;

/** Counts how long somebody works on what is on the screen. All times in ms. */
export class VisitClock {
    constructor(idleAfter = IDLE_AFTER) {
        this.idleAfter = idleAfter;
        this.worked = 0;
        this.lastSeen = null;
    }

    /** The user opens it, comes back to it, types or points. */
    present(now) {
        const pause = this.lastSeen === null ? 0 : now - this.lastSeen;
        // A clock that was set back counts nothing.
        if (pause > 0 && pause < this.idleAfter) {
            this.worked += pause;
        }
        this.lastSeen = now;
    }

    /** The user closes it or looks at another page. */
    away(now) {
        if (this.lastSeen !== null) {
            this.present(now);
            this.lastSeen = null;
        }
    }

    get seconds() {
        return Math.round(this.worked / 1000);
    }
}
