import {BoardStore, memory} from "./board_store";
import {Component, useRef} from "@odoo/owl";
import {formatMeasured, formatStretch} from "./board_words";
import {BoardDistribution} from "./distribution/board_distribution";
import {BoardFilters} from "./filters/board_filters";
import {BoardLateNow} from "./late_now/board_late_now";
import {BoardRanking} from "./ranking/board_ranking";
import {BoardSplit} from "./split/board_split";
import {BoardTiles} from "./tiles/board_tiles";
import {BoardTrend} from "./trend/board_trend";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useBoard} from "../board/board_hooks";
import {useService} from "@web/core/utils/hooks";

/**
 * The delays board. This component lays out, refreshes and opens; what is shown comes
 * from `BoardStore`, words from `board_words`, what charts draw from `board_series`.
 */
export class DelaysBoard extends Component {
    static template = "kpi_quality.DelaysBoard";
    static components = {
        BoardDistribution,
        BoardFilters,
        BoardLateNow,
        BoardRanking,
        BoardSplit,
        BoardTiles,
        BoardTrend,
        ControlPanel,
    };
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.rootRef = useRef("root");
        const filters = this.props.state?.filters || memory.initial(router.current);
        const {store, changeFilters} = useBoard({
            props: this.props,
            rootRef: this.rootRef,
            store: new BoardStore(useService("orm"), filters),
            memory,
        });
        Object.assign(this, {store, changeFilters});
        this.open = this.open.bind(this);
        this.improve = this.improve.bind(this);
        this.openRecord = this.openRecord.bind(this);
        this.openAllLive = this.openAllLive.bind(this);
        this.openImprovement = this.openImprovement.bind(this);
    }

    get display() {
        return {controlPanel: {}};
    }

    get stretch() {
        return formatStretch(this.store.board.filters);
    }

    get measured() {
        return formatMeasured(this.store.board.measured_at);
    }

    // ---------------------------------------------------------------- opening
    async open(figure) {
        await this.do("action_open_documents", figure);
    }

    async improve(figure) {
        await this.do("action_improve", figure);
    }

    async openAllLive(key) {
        await this.do("action_open_live", key);
    }

    async do(method, what) {
        this.action.doAction(await this.store.askAction(method, what));
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openImprovement(id) {
        this.openRecord("kpi.improvement", id);
    }
}

registry.category("actions").add("kpi_delays_board", DelaysBoard);
