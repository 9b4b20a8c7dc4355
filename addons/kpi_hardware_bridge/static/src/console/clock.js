/** More than this between the two clocks, in ms: one of them stood still or was set. */
const JUMP = 2000;

/** A random UUID, also in pages that are not served over HTTPS. */
export function newUuid() {
    if (crypto.randomUUID) {
        return crypto.randomUUID();
    }
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] % 16) + 64;
    bytes[8] = (bytes[8] % 64) + 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * The times of presses: by the wall clock, and by one that nobody can set.
 *
 * The latter begins with the page, so a "boot" is a page load. It stands still while a
 * tablet sleeps; a boot ends then, too, and the wall clock has to do for what was
 * pressed before.
 */
export class Clock {
    constructor() {
        this._boot();
    }

    now() {
        const drift = Date.now() - performance.now() - this._offset;
        if (Math.abs(drift) > JUMP) {
            this._boot();
        }
        return {
            at: new Date().toISOString(),
            boottime: Math.round(performance.now()) / 1000,
            boot_id: this._bootId,
        };
    }

    _boot() {
        this._bootId = newUuid();
        this._offset = Date.now() - performance.now();
    }
}
