import {BoardDates} from "../../board/dates/board_dates";
import {Component} from "@odoo/owl";
import {PROCESSES} from "../board_words";

/** Process, days and warehouse. The company is the one of the switcher. */
export class BoardFilters extends Component {
    static template = "kpi_quality.BoardFilters";
    static components = {BoardDates};
    static props = {
        filters: Object,
        warehouses: {type: Array, element: Object},
        onChange: Function,
    };

    setup() {
        this.processes = PROCESSES;
    }

    onWarehouse(value) {
        this.props.onChange({warehouse_id: Number(value) || false});
    }
}
