import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {
    extractFigureProps,
    figureDependencies,
    figureProps,
    readFigure,
} from "../../core/figure";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";

/** A figure in its indicator's unit, or "no data" with the reason. */
export class KpiValueField extends FloatField {
    static template = "kpi_quality.KpiValueField";
    static props = {...FloatField.props, ...figureProps};

    get figure() {
        return readFigure(this.props);
    }

    get formattedValue() {
        if (this.props.readonly) {
            const {format, value} = this.figure;
            return format(value);
        }
        // While typing: what is stored, without unit and without padding.
        return formatFloat(this.value, {digits: [16, 6], trailingZeros: false});
    }
}

export const kpiValueField = {
    ...floatField,
    component: KpiValueField,
    displayName: _t("Figure in its unit"),
    // Without a fixed unit it may be money: room for tens of millions.
    listViewWidth: ({options}) => [options.unit ? 90 : 104],
    supportedOptions: [
        {label: _t("Unit"), name: "unit", type: "string"},
        {label: _t("Unit field"), name: "unit_field", type: "field"},
        {label: _t("Decimals"), name: "decimals", type: "number"},
        {label: _t("Decimals field"), name: "decimals_field", type: "field"},
        {
            label: _t("Field that says if there is a figure"),
            name: "has_field",
            type: "field",
        },
        {
            label: _t("Field with the reason for no data"),
            name: "reason_field",
            type: "field",
        },
    ],
    extractProps: (fieldInfo) => ({
        ...floatField.extractProps(fieldInfo),
        ...extractFigureProps(fieldInfo),
    }),
    fieldDependencies: figureDependencies,
};

registry.category("fields").add("kpi_value", kpiValueField);
