import {BoardMemory} from "../board/board_memory";
import {KeepLast} from "@web/core/utils/concurrency";
import {markRaw} from "@odoo/owl";
import {pick} from "@web/core/utils/objects";

const MODEL = "kpi.delays.board";

export const memory = new BoardMemory("kpi_quality.delays_board", {
    process: "kpi_process",
    period: "kpi_period",
    date_from: "kpi_from",
    date_to: "kpi_to",
    warehouse_id: "kpi_warehouse",
});

const messageOf = (error) => error.data?.message || error.message || String(error);

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
            this.filters = pick(this.board.filters, ...memory.names);
            this.error = "";
            this.loadedAt = Date.now();
            memory.save(this.filters);
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
