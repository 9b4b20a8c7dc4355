import {BoardStore, messageOf} from "../board/board_store";
import {BoardMemory} from "../board/board_memory";
import {KeepLast} from "@web/core/utils/concurrency";
import {markRaw} from "@odoo/owl";

export const memory = new BoardMemory("kpi_quality.delays_board", {
    process: "kpi_process",
    period: "kpi_period",
    date_from: "kpi_from",
    date_to: "kpi_to",
    warehouse_id: "kpi_warehouse",
});

/** The delays board's figures, and in `live` what is late now. */
export class DelaysStore extends BoardStore {
    static model = "kpi.delays.board";
    static memory = memory;

    constructor(orm, filters) {
        super(orm, filters);
        this.lastLive = markRaw(new KeepLast());
        this.live = null;
    }

    /** The figures do not wait for the live lists. */
    async load(changes = {}) {
        this.loadLive({...this.filters, ...changes});
        await super.load(changes);
    }

    async loadLive(filters) {
        try {
            const call = this.orm.silent.call(this.constructor.model, "get_late_now", [
                filters,
            ]);
            this.live = await this.lastLive.add(call);
        } catch (error) {
            this.live = {now: false, empty: messageOf(error), lists: []};
        }
    }
}
