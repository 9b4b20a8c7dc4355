import {Board} from "../board/board";
import {ControlPanel} from "@web/search/control_panel/control_panel";
import {FeedbackAnswers} from "./answers/feedback_answers";
import {FeedbackDiagnosis} from "./diagnosis/feedback_diagnosis";
import {FeedbackFilters} from "./filters/feedback_filters";
import {FeedbackHours} from "./hours/feedback_hours";
import {FeedbackQuestions} from "./questions/feedback_questions";
import {FeedbackRanking} from "./ranking/feedback_ranking";
import {FeedbackStore} from "./feedback_store";
import {FeedbackTiles} from "./tiles/feedback_tiles";
import {FeedbackTrend} from "./trend/feedback_trend";
import {registry} from "@web/core/registry";

/**
 * The feedback board. This component lays out and opens; what is shown comes from
 * `FeedbackStore`, words from `feedback_words`.
 */
export class FeedbackBoard extends Board {
    static template = "kpi_quality.FeedbackBoard";
    static Store = FeedbackStore;
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

    setup() {
        super.setup();
        this.takeStep = this.takeStep.bind(this);
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
}

registry.category("actions").add("kpi_feedback_board", FeedbackBoard);
