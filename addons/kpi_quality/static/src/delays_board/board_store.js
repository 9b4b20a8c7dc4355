import {KeepLast} from "@web/core/utils/concurrency";
import {browser} from "@web/core/browser/browser";
import {pick} from "@web/core/utils/objects";
import {markRaw} from "@odoo/owl";

const MODEL = "kpi.delays.board";
const MEMORY = "kpi_quality.delays_board";
// How the filters are called in the address bar, beside what else stands there.
const URL_KEYS = {
    process: "kpi_process",
    period: "kpi_period",
    date_from: "kpi_from",
    date_to: "kpi_to",
    warehouse_id: "kpi_warehouse",
};
const FILTERS = Object.keys(URL_KEYS);

const messageOf = (error) => error.data?.message || error.message || String(error);

/**
 * The filters for the address bar; the dates only where they were chosen.
 *
 * @param {Object} filters
 * @returns {Object}
 */
export function filtersToUrl(filters) {
    const own = filters.period === "custom";
    return Object.fromEntries(
        Object.entries(URL_KEYS).map(([name, key]) => {
            const shown = own || !name.startsWith("date_");
            return [key, (shown && filters[name]) || undefined];
        })
    );
}

/**
 * Where a user who comes to the board begins: with what the address says, else with
 * what was looked at last in this session.
 *
 * @param {Object} urlState
 * @returns {Object} filters
 */
export function initialFilters(urlState) {
    if (Object.values(URL_KEYS).some((key) => urlState[key])) {
        return Object.fromEntries(
            Object.entries(URL_KEYS)
                .filter(([, key]) => urlState[key])
                .map(([name, key]) => [name, urlState[key]])
        );
    }
    try {
        return JSON.parse(browser.sessionStorage.getItem(MEMORY)) || {};
    } catch {
        return {};
    }
}

/** What the board shows, and where it comes from. Components read `board` and `live`. */
export class BoardStore {
    constructor(orm, filters) {
        this.orm = markRaw(orm);
        this.lastBoard = markRaw(new KeepLast());
        this.lastLive = markRaw(new KeepLast());
        this.filters = filters;
        this.board = null;
        this.live = null;
        this.error = "";
        this.isLoading = false;
        this.loadedAt = 0;
    }

    /**
     * Read everything anew. What is shown stays until the new figures are here; the
     * figures do not wait for the live lists.
     *
     * @param {Object} [changes] of the filters
     */
    async load(changes = {}) {
        const filters = {...this.filters, ...changes};
        this.filters = filters;
        this.loadLive(filters);
        this.isLoading = true;
        try {
            const call = this.orm.silent.call(MODEL, "get_board", [filters]);
            this.board = await this.lastBoard.add(call);
            this.filters = pick(this.board.filters, ...FILTERS);
            this.error = "";
            this.loadedAt = Date.now();
            browser.sessionStorage.setItem(MEMORY, JSON.stringify(this.filters));
        } catch (error) {
            this.error = messageOf(error);
        }
        this.isLoading = false;
    }

    async loadLive(filters) {
        try {
            const call = this.orm.silent.call(MODEL, "get_late_now", [filters]);
            this.live = await this.lastLive.add(call);
        } catch (error) {
            this.live = {now: false, empty: messageOf(error), lists: []};
        }
    }

    /**
     * @param {String} method of the server's board that gives an action
     * @param {Object|String} what a figure, or the key of a live list
     * @returns {Promise<Object>}
     */
    askAction(method, what) {
        return this.orm.call(MODEL, method, [this.filters, what]);
    }
}
