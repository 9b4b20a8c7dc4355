import {BoardMemory} from "../board/board_memory";
import {BoardStore} from "../board/board_store";

export const memory = new BoardMemory("kpi_quality.feedback_board", {
    period: "kpi_period",
    date_from: "kpi_from",
    date_to: "kpi_to",
    site_id: "kpi_site",
    department_id: "kpi_department",
    point_id: "kpi_point",
    employee_id: "kpi_employee",
});

/** What the feedback board shows, and where it comes from. */
export class FeedbackStore extends BoardStore {
    static model = "kpi.feedback.board";
    static memory = memory;
}
