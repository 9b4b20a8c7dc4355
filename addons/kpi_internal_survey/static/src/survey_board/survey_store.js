import {BoardStore} from "@kpi_quality/board/board_store";
import {markRaw} from "@odoo/owl";

/**
 * What a screen of the survey shows. Published figures never change, so they are not
 * read again every minute.
 */
export class SurveyStore extends BoardStore {
    static model = "kpi.survey.board";
    /** Of the server's board. */
    static method = "";

    async load(changes) {
        await super.load(changes);
        if (!this.error) {
            this.loadedAt = Infinity;
        }
    }

    /** Thousands of cells that change only as a whole: nothing to watch in them. */
    async readBoard(filters) {
        const {model, method, memory} = this.constructor;
        const values = memory.names.map((name) => filters[name] || false);
        return markRaw(await this.orm.silent.call(model, method, values));
    }
}
