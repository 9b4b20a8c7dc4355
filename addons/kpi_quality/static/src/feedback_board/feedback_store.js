import {BoardMemory} from "../board/board_memory";
import {KeepLast} from "@web/core/utils/concurrency";
import {markRaw} from "@odoo/owl";
import {pick} from "@web/core/utils/objects";

const MODEL = "kpi.feedback.board";

export const memory = new BoardMemory("kpi_quality.feedback_board", {
    period: "kpi_period",
    date_from: "kpi_from",
    date_to: "kpi_to",
    site_id: "kpi_site",
    department_id: "kpi_department",
    point_id: "kpi_point",
    employee_id: "kpi_employee",
});

/** What the feedback board shows, and where it comes from. */
export class FeedbackStore {
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
        const filters = {...this.filters, ...changes};
        this.filters = filters;
        this.isLoading = true;
        try {
            const call = this.orm.silent.call(MODEL, "get_board", [filters]);
            this.board = await this.lastBoard.add(call);
            this.filters = pick(this.board.filters, ...memory.names);
            this.error = "";
            this.loadedAt = Date.now();
            memory.save(this.filters);
        } catch (error) {
            this.error = error.data?.message || error.message || String(error);
        }
        this.isLoading = false;
    }

    /**
     * @param {String} method of the server's board that gives an action
     * @param {...*} what it is about
     * @returns {Promise<Object>}
     */
    askAction(method, ...what) {
        return this.orm.call(MODEL, method, [this.filters, ...what]);
    }
}
