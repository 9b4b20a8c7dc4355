import {Component, useState} from "@odoo/owl";

/** Which rows, or columns, are on screen. */
export class MatrixFilter extends Component {
    static template = "kpi_internal_survey.MatrixFilter";
    static props = {name: String, label: String, filter: Object, tags: Array};

    setup() {
        this.filter = useState(this.props.filter);
    }
}
