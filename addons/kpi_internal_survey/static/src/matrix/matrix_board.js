import {useState} from "@odoo/owl";
import {MatrixLayout, filterUnits, usualZoom} from "./matrix_layout";
import {MatrixFilter} from "./filter/matrix_filter";
import {MatrixGrid} from "./grid/matrix_grid";
import {MatrixLegend} from "./legend/matrix_legend";
import {MatrixPairs} from "./pairs/matrix_pairs";
import {MatrixPhone} from "./phone/matrix_phone";
import {MatrixStore} from "./matrix_store";
import {SurveyFrame} from "../survey_board/survey_frame";
import {SurveyHead} from "../survey_board/survey_head";
import {SurveyScreen} from "../survey_board/survey_screen";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const ZOOMS = [
    {key: "large", label: _t("Large")},
    {key: "medium", label: _t("Medium")},
    {key: "small", label: _t("Small")},
];
const MODES = [
    {key: "marks", label: _t("Marks")},
    {key: "difference", label: _t("Difference from the column's mean")},
];
const ALL = {group: "", text: ""};

/** Who rates whom: for the board. What is filtered is hidden on screen only. */
export class MatrixBoard extends SurveyScreen {
    static template = "kpi_internal_survey.MatrixBoard";
    static Store = MatrixStore;
    static components = {
        MatrixFilter,
        MatrixGrid,
        MatrixLegend,
        MatrixPairs,
        MatrixPhone,
        SurveyFrame,
        SurveyHead,
    };

    setup() {
        super.setup();
        this.ui = useService("ui");
        this.zooms = ZOOMS;
        this.modes = MODES;
        this.view = useState({
            mode: "marks",
            zoom: "",
            rows: {...ALL},
            columns: {...ALL},
            chosen: null,
        });
        this.cache = {}; // `this` is another one in a template's slot
        this.choose = this.choose.bind(this);
    }

    /** Built once for each campaign that is read. */
    get layout() {
        const {board} = this.store;
        if (this.cache.board !== board) {
            const layout = new MatrixLayout(board, _t("Other units").toString());
            Object.assign(this.cache, {board, layout, rows: {}, columns: {}});
        }
        return this.cache.layout;
    }

    get rows() {
        return this.filtered("rows");
    }

    get columns() {
        return this.filtered("columns");
    }

    /** The same array while nothing changes: the grid is drawn for a new one only. */
    filtered(name) {
        const {layout} = this;
        const {group, text} = this.view[name];
        const last = this.cache[name];
        if (!last.units || last.group !== group || last.text !== text) {
            const units = filterUnits(layout[name], {group, text});
            this.cache[name] = {group, text, units};
        }
        return this.cache[name].units;
    }

    get zoom() {
        return this.view.zoom || usualZoom(this.columns.length);
    }

    get chosenPair() {
        const {chosen} = this.view;
        return chosen && this.layout.pair(...chosen);
    }

    choose(rater, rated) {
        this.view.chosen = [rater, rated];
    }

    async chooseCampaign(id) {
        this.view.chosen = null;
        await super.chooseCampaign(id);
    }
}

registry.category("actions").add("kpi_survey_matrix", MatrixBoard);
