import {DIFFERENCES, SIGNS} from "../matrix_words";
import {Component} from "@odoo/owl";
import {bandStretches} from "../../survey_board/survey_levels";

/** What the colours and signs of the matrix mean. */
export class MatrixLegend extends Component {
    static template = "kpi_internal_survey.MatrixLegend";
    static props = {mode: String, bands: Array};

    setup() {
        this.signs = SIGNS;
    }

    get colors() {
        const {mode, bands} = this.props;
        return mode === "difference"
            ? DIFFERENCES.map((name, level) => ({name, level}))
            : bandStretches(bands);
    }
}
