import {ResultsComments} from "./comments/results_comments";
import {ResultsNext} from "./next/results_next";
import {ResultsPeople} from "./people/results_people";
import {ResultsProfile} from "./profile/results_profile";
import {ResultsRanking} from "./ranking/results_ranking";
import {ResultsStore} from "./results_store";
import {ResultsTiles} from "./tiles/results_tiles";
import {ResultsTrend} from "./trend/results_trend";
import {SurveyFrame} from "../survey_board/survey_frame";
import {SurveyHead} from "../survey_board/survey_head";
import {SurveyScreen} from "../survey_board/survey_screen";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/**
 * The results of a survey: the company, the ranking, and one unit in detail. Figures
 * come from `ResultsStore`, words from `survey_words`, colours from `survey_levels`.
 */
export class ResultsBoard extends SurveyScreen {
    static template = "kpi_internal_survey.ResultsBoard";
    static Store = ResultsStore;
    static components = {
        ResultsComments,
        ResultsNext,
        ResultsPeople,
        ResultsProfile,
        ResultsRanking,
        ResultsTiles,
        ResultsTrend,
        SurveyFrame,
        SurveyHead,
    };

    setup() {
        super.setup();
        this.chooseUnit = this.chooseUnit.bind(this);
    }

    chooseUnit(id) {
        return this.changeFilters({unit_id: Number(id) || false});
    }

    openMeetings() {
        const {unit} = this.store.board;
        const domain = [["campaign_id", "=", this.campaign.id]];
        if (unit) {
            domain.push(["unit_id", "in", [unit.id, false]]);
        }
        this.openList(_t("Meetings"), "kpi.survey.meeting", domain, [
            [false, "list"],
            [false, "form"],
        ]);
    }
}

registry.category("actions").add("kpi_survey_results", ResultsBoard);
