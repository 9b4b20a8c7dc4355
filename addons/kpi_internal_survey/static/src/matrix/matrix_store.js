import {BoardMemory} from "@kpi_quality/board/board_memory";
import {SurveyStore} from "../survey_board/survey_store";

export const memory = new BoardMemory("kpi_internal_survey.matrix", {
    campaign_id: "kpi_campaign",
});

export class MatrixStore extends SurveyStore {
    static method = "get_matrix";
    static memory = memory;
}
