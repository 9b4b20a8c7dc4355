import {VERDICTS} from "./desk_words";

/**
 * A verdict while the expert makes up his mind: digits in, values out.
 *
 * Of a time slice the digits count: 1 served, 2 served without a press, 0 nobody.
 */
export class DeskDraft {
    /**
     * @param {Object} item
     * @param {Object} reasons by verdict, of this kind of item
     */
    constructor(item, reasons) {
        this.kind = item.kind;
        this.allReasons = reasons || {};
        this.verdict = null;
        this.reasonId = null;
        // Of a time slice, in the order they were counted: was there a press?
        this.counted = [];
        this.isEmpty = false;
    }

    get isSlice() {
        return this.kind === "slice";
    }

    get verdicts() {
        return VERDICTS[this.kind];
    }

    /** @returns {Object[]} to choose from, for the verdict that was chosen */
    get reasons() {
        return this.allReasons[this.verdict] || [];
    }

    get served() {
        return this.counted.length;
    }

    get missed() {
        return this.counted.filter((withPress) => !withPress).length;
    }

    get isReady() {
        if (this.isSlice) {
            return this.isEmpty || this.served > 0;
        }
        return Boolean(this.verdict && (!this.reasons.length || this.reasonId));
    }

    get values() {
        return this.isSlice
            ? {verdict: "seen", served: this.served, missed: this.missed}
            : {verdict: this.verdict, reason_id: this.reasonId || false};
    }

    /** @param {Number} digit */
    press(digit) {
        if (this.isSlice) {
            this.count(digit);
        } else if (this.reasons.length) {
            const reason = this.reasons[digit - 1];
            this.reasonId = reason ? reason.id : this.reasonId;
        } else if (this.verdicts[digit - 1]) {
            this.choose(this.verdicts[digit - 1].value);
        }
    }

    choose(verdict) {
        this.verdict = verdict;
        this.reasonId = null;
    }

    count(digit) {
        if (digit === 0) {
            this.counted = [];
        } else if (digit <= 2) {
            this.counted.push(digit === 1);
        }
        this.isEmpty = digit === 0;
    }

    /** One step back. */
    back() {
        if (this.isSlice) {
            this.isEmpty = false;
            this.counted.pop();
        } else if (this.reasonId) {
            this.reasonId = null;
        } else {
            this.verdict = null;
        }
    }
}
