import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** "0.95 of 1 – 0.05 missing": the weights of a matrix while they are typed. */
export class KpiWeightTotalField extends Component {
    static template = "kpi_quality.KpiWeightTotalField";
    static props = {...standardFieldProps, missingField: {type: String}};

    get missing() {
        return this.props.record.data[this.props.missingField];
    }

    get text() {
        const format = (value) =>
            formatFloat(value, {digits: [6, 4], trailingZeros: false});
        const words = {
            total: format(this.props.record.data[this.props.name]),
            difference: format(Math.abs(this.missing)),
        };
        if (this.missing > 0) {
            return _t("%(total)s of 1 – %(difference)s missing", words);
        }
        if (this.missing < 0) {
            return _t("%(total)s of 1 – %(difference)s too much", words);
        }
        return _t("%(total)s of 1", words);
    }
}

export const kpiWeightTotalField = {
    component: KpiWeightTotalField,
    displayName: _t("Total of weights"),
    supportedTypes: ["float"],
    extractProps: ({options}) => ({
        missingField: options.missing_field || "weight_missing",
    }),
    fieldDependencies: ({options}) => [
        {name: options.missing_field || "weight_missing", type: "float"},
    ],
};

registry.category("fields").add("kpi_weight_total", kpiWeightTotalField);
