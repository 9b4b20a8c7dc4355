import {
    Component,
    onMounted,
    onWillStart,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {BoardStore, filtersToUrl, initialFilters} from "./board_store";
import {formatMoment, formatStretch} from "./board_words";
import {useService} from "@web/core/utils/hooks";
import {BoardDistribution} from "./distribution/board_distribution";
import {BoardFilters} from "./filters/board_filters";
import {BoardLateNow} from "./late_now/board_late_now";
import {BoardRanking} from "./ranking/board_ranking";
import {BoardSplit} from "./split/board_split";
import {BoardTiles} from "./tiles/board_tiles";
import {BoardTrend} from "./trend/board_trend";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useSetupAction} from "@web/search/action_hook";

export const REFRESH_EVERY = 60_000;

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
        const filters = this.props.state?.filters || initialFilters(router.current);
        this.store = useState(new BoardStore(useService("orm"), filters));
        this.open = this.open.bind(this);
        this.improve = this.improve.bind(this);
        this.openRecord = this.openRecord.bind(this);
        this.openAllLive = this.openAllLive.bind(this);
        this.openImprovement = this.openImprovement.bind(this);
        this.changeFilters = this.changeFilters.bind(this);
        useSetupAction({
            rootRef: this.rootRef,
            getLocalState: () => ({filters: this.store.filters}),
        });
        onWillStart(() => this.store.load());
        onMounted(() => this.rememberFilters());
        useEffect(
            () => this.startRefreshing(),
            () => []
        );
    }

    get display() {
        return {controlPanel: {}};
    }

    get stretch() {
        return formatStretch(this.store.board.filters);
    }

    get measured() {
        const {measured_at} = this.store.board;
        return measured_at
            ? _t("measured %s", formatMoment(measured_at))
            : _t("not measured yet");
    }

    // ------------------------------------------------------------- refreshing
    /**
     * Every minute while somebody may be looking; at once when he looks again.
     *
     * @returns {Function} that stops it
     */
    startRefreshing() {
        const refresh = () => {
            const isOld = Date.now() - this.store.loadedAt >= REFRESH_EVERY / 2;
            if (document.visibilityState === "visible" && isOld) {
                this.store.load();
            }
        };
        const timer = browser.setInterval(refresh, REFRESH_EVERY);
        document.addEventListener("visibilitychange", refresh);
        return () => {
            browser.clearInterval(timer);
            document.removeEventListener("visibilitychange", refresh);
        };
    }

    // ---------------------------------------------------------------- filters
    async changeFilters(changes) {
        await this.store.load(changes);
        this.rememberFilters();
    }

    rememberFilters() {
        this.props.updateActionState?.(filtersToUrl(this.store.filters));
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
