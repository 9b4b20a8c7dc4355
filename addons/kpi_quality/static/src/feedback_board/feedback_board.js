import {Component, useRef} from "@odoo/owl";
import {FeedbackStore, memory} from "./feedback_store";
import {formatMeasured, formatStretch} from "../board/board_words";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {FeedbackAnswers} from "./answers/feedback_answers";
import {FeedbackDiagnosis} from "./diagnosis/feedback_diagnosis";
import {FeedbackFilters} from "./filters/feedback_filters";
import {FeedbackHours} from "./hours/feedback_hours";
import {FeedbackQuestions} from "./questions/feedback_questions";
import {FeedbackRanking} from "./ranking/feedback_ranking";
import {FeedbackTiles} from "./tiles/feedback_tiles";
import {FeedbackTrend} from "./trend/feedback_trend";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useBoard} from "../board/board_hooks";
import {useService} from "@web/core/utils/hooks";

/**
 * The feedback board. This component lays out and opens; what is shown comes from
 * `FeedbackStore`, words from `feedback_words`.
 */
export class FeedbackBoard extends Component {
    static template = "kpi_quality.FeedbackBoard";
    static components = {
        ControlPanel,
        FeedbackAnswers,
        FeedbackDiagnosis,
        FeedbackFilters,
        FeedbackHours,
        FeedbackQuestions,
        FeedbackRanking,
        FeedbackTiles,
        FeedbackTrend,
    };
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.rootRef = useRef("root");
        const filters = this.props.state?.filters || memory.initial(router.current);
        const {store, changeFilters} = useBoard({
            props: this.props,
            rootRef: this.rootRef,
            store: new FeedbackStore(useService("orm"), filters),
            memory,
        });
        Object.assign(this, {store, changeFilters});
        this.open = this.open.bind(this);
        this.openLive = this.openLive.bind(this);
        this.improve = this.improve.bind(this);
        this.takeStep = this.takeStep.bind(this);
        this.openRecord = this.openRecord.bind(this);
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

    async openLive(key) {
        await this.do("action_open_live", key);
    }

    async improve(figure) {
        await this.do("action_next_step", "improvement", figure);
    }

    /** The last step looks at the same index again, from the last action on. */
    async takeStep(step, figure) {
        if (step !== "measure_again") {
            await this.do("action_next_step", step, figure);
            return;
        }
        const {improvements, filters} = this.store.board;
        const begun = improvements.filter(({code}) => code === figure.code);
        await this.changeFilters(
            begun.length
                ? {
                      period: "custom",
                      date_from: begun[begun.length - 1].date,
                      date_to: filters.date_to,
                  }
                : {period: "days_7"}
        );
    }

    async do(method, ...what) {
        this.action.doAction(await this.store.askAction(method, ...what));
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("kpi_feedback_board", FeedbackBoard);
