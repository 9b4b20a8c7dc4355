import {KeepLast} from "@web/core/utils/concurrency";
import {markRaw} from "@odoo/owl";
import {pick} from "@web/core/utils/objects";

export const messageOf = (error) =>
    error.data?.message || error.message || String(error);

/** What a board shows, and where it comes from. Components read `board`. */
export class BoardStore {
    /** Of the server's board. */
    static model = "";
    /** A `BoardMemory` of the filters. */
    static memory = null;

    constructor(orm, filters) {
        this.orm = markRaw(orm);
        this.lastBoard = markRaw(new KeepLast());
        this.filters = filters;
        this.board = null;
        this.error = "";
        this.isLoading = false;
        this.loadedAt = 0;
    }

    /**
     * Read everything anew. What is shown stays until the new figures are here.
     *
     * @param {Object} [changes] of the filters
     */
    async load(changes = {}) {
        const {memory} = this.constructor;
        const filters = {...this.filters, ...changes};
        this.filters = filters;
        this.isLoading = true;
        try {
            this.board = await this.lastBoard.add(this.readBoard(filters));
            this.filters = pick(this.board.filters, ...memory.names);
            this.error = "";
            this.loadedAt = Date.now();
            memory.save(this.filters);
        } catch (error) {
            this.error = messageOf(error);
        }
        this.isLoading = false;
    }

    /**
     * @param {Object} filters
     * @returns {Promise<Object>} what the server has to show, and `filters` as it took them
     */
    readBoard(filters) {
        return this.orm.silent.call(this.constructor.model, "get_board", [filters]);
    }

    /**
     * @param {String} method of the server's board that gives an action
     * @param {...*} what it is about
     * @returns {Promise<Object>}
     */
    askAction(method, ...what) {
        return this.orm.call(this.constructor.model, method, [this.filters, ...what]);
    }
}
