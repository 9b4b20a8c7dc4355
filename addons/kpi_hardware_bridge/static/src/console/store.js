const NAME = "kpi-console";
const PRESSES = "presses";
const STATE = "state";
/** So many presses are kept for one console; beyond, the oldest go. */
const MOST_KEPT = 20000;

function settled(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
        request.onblocked = () => reject(new Error("blocked"));
    });
}

/**
 * What a tablet keeps through reloads and power cuts: presses, and where the page was.
 *
 * All consoles of an address share it, and a press knows its console: with a new link
 * what waited under the old one is still there.
 */
export class Store {
    constructor() {
        // Presses that the browser would not keep: sent like the others, if they live.
        this._unkept = [];
        this._values = new Map();
        this._lastSeq = 0;
        this.isSafe = true;
    }

    async open() {
        try {
            const request = indexedDB.open(NAME, 1);
            request.onupgradeneeded = () => {
                const presses = request.result.createObjectStore(PRESSES, {
                    keyPath: "seq",
                    autoIncrement: true,
                });
                presses.createIndex("console", "console");
                request.result.createObjectStore(STATE);
            };
            this._database = await settled(request);
            this._database.onversionchange = () => this._database.close();
            await navigator.storage?.persist?.();
        } catch {
            this.isSafe = false;
        }
        return this;
    }

    /** Resolves when the press is on the disk, or as near to it as the browser gets. */
    async add(press) {
        try {
            await this._transact(PRESSES, "readwrite", async (presses) => {
                this._lastSeq = await settled(presses.add(press));
            });
            this.isSafe = true;
        } catch {
            this.isSafe = false;
            this._lastSeq += 1;
            this._unkept.push({...press, seq: this._lastSeq});
        }
        return this._lastSeq;
    }

    /** The oldest presses of a console, in their order. */
    async presses(console, limit) {
        let kept = [];
        try {
            kept = await this._transact(PRESSES, "readonly", (presses) =>
                settled(presses.index("console").getAll(console, limit))
            );
        } catch {
            this.isSafe = false;
        }
        const unkept = this._unkept.filter((press) => press.console === console);
        return [...kept, ...unkept].slice(0, limit);
    }

    async count(console) {
        const unkept = this._unkept.filter((press) => press.console === console).length;
        try {
            const kept = await this._transact(PRESSES, "readonly", (presses) =>
                settled(presses.index("console").count(console))
            );
            return kept + unkept;
        } catch {
            return unkept;
        }
    }

    /** The presses with these numbers are no longer needed. */
    async remove(seqs) {
        const gone = new Set(seqs);
        this._unkept = this._unkept.filter((press) => !gone.has(press.seq));
        try {
            await this._transact(PRESSES, "readwrite", async (presses) => {
                await Promise.all(seqs.map((seq) => settled(presses.delete(seq))));
            });
        } catch {
            // They are sent once more, and known there.
            this.isSafe = false;
        }
    }

    /** Make room; returns how many presses had to go. */
    async trim(console) {
        const excess = (await this.count(console)) - MOST_KEPT;
        if (excess <= 0) {
            return 0;
        }
        const oldest = await this.presses(console, excess);
        await this.remove(oldest.map((press) => press.seq));
        return oldest.length;
    }

    async get(key) {
        try {
            return await this._transact(STATE, "readonly", (state) =>
                settled(state.get(key))
            );
        } catch {
            return this._values.get(key);
        }
    }

    async set(key, value) {
        this._values.set(key, value);
        try {
            await this._transact(STATE, "readwrite", (state) =>
                settled(state.put(value, key))
            );
        } catch {
            this.isSafe = false;
        }
    }

    /** Runs `work`, and waits until its changes are written. */
    async _transact(name, mode, work) {
        if (!this._database) {
            throw new Error("no database");
        }
        const transaction = this._database.transaction(name, mode, {
            durability: "strict",
        });
        const done = new Promise((resolve, reject) => {
            transaction.oncomplete = resolve;
            transaction.onerror = () => reject(transaction.error);
            transaction.onabort = () => reject(transaction.error);
        });
        const [result] = await Promise.all([work(transaction.objectStore(name)), done]);
        return result;
    }
}
