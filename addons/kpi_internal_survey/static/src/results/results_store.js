import {BoardMemory} from "@kpi_quality/board/board_memory";
import {SurveyStore} from "../survey_board/survey_store";

export const memory = new BoardMemory("kpi_internal_survey.results", {
    campaign_id: "kpi_campaign",
    unit_id: "kpi_unit",
});

export class ResultsStore extends SurveyStore {
    static method = "get_results";
    static memory = memory;
}
