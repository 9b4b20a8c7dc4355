/* Where a board remembers its filters: in the address bar, and for the session. */
import {browser} from "@web/core/browser/browser";

export class BoardMemory {
    /**
     * @param {String} key of the session's storage
     * @param {Object} urlKeys how filters are called in the address bar, beside what
     *     else stands there, by name
     */
    constructor(key, urlKeys) {
        this.key = key;
        this.urlKeys = urlKeys;
    }

    get names() {
        return Object.keys(this.urlKeys);
    }

    /**
     * The filters for the address bar; the dates only where they were chosen.
     *
     * @param {Object} filters
     * @returns {Object}
     */
    toUrl(filters) {
        const own = filters.period === "custom";
        return Object.fromEntries(
            Object.entries(this.urlKeys).map(([name, key]) => {
                const shown = own || !name.startsWith("date_");
                return [key, (shown && filters[name]) || undefined];
            })
        );
    }

    /**
     * Where a user who comes to the board begins: with what the address says, else
     * with what was looked at last in this session.
     *
     * @param {Object} urlState
     * @returns {Object} filters
     */
    initial(urlState) {
        const named = Object.entries(this.urlKeys).filter(([, key]) => urlState[key]);
        if (named.length) {
            return Object.fromEntries(
                named.map(([name, key]) => [name, urlState[key]])
            );
        }
        try {
            return JSON.parse(browser.sessionStorage.getItem(this.key)) || {};
        } catch {
            return {};
        }
    }

    save(filters) {
        browser.sessionStorage.setItem(this.key, JSON.stringify(filters));
    }
}
