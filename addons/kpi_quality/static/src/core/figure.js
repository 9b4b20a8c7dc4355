import {currencyIdOf, formatInUnit} from "./unit_format";

/**
 * What the widgets of one figure share: its unit, and whether there is a figure at
 * all. The options of the field name the companion fields.
 */
export const figureProps = {
    fixedUnit: {type: String, optional: true},
    unitField: {type: String, optional: true},
    fixedDecimals: {type: Number, optional: true},
    decimalsField: {type: String, optional: true},
    hasField: {type: String, optional: true},
    reasonField: {type: String, optional: true},
    valueField: {type: String, optional: true},
};

export function extractFigureProps({options}) {
    return {
        fixedUnit: options.unit,
        unitField: options.unit ? undefined : options.unit_field || "unit",
        fixedDecimals: options.decimals,
        decimalsField:
            options.decimals === undefined
                ? options.decimals_field || "decimals"
                : undefined,
        hasField: options.has_field,
        reasonField: options.reason_field,
        valueField: options.value_field,
    };
}

export function figureDependencies({options}) {
    const props = extractFigureProps({options});
    const dependencies = [];
    if (props.unitField) {
        dependencies.push({name: props.unitField, type: "selection"});
    }
    if (props.decimalsField) {
        dependencies.push({name: props.decimalsField, type: "integer"});
    }
    if (props.hasField) {
        dependencies.push({name: props.hasField, type: "boolean"});
    }
    if (props.reasonField) {
        dependencies.push({name: props.reasonField, type: "selection"});
    }
    if (props.valueField) {
        dependencies.push({name: props.valueField, type: "float"});
    }
    return dependencies;
}

/**
 * One figure of a record, as the user should see it.
 *
 * @param {Object} props the props of the widget
 * @returns {{value: Number, hasData: Boolean, reason: String, format: Function}}
 */
export function readFigure(props) {
    const {data, fields} = props.record;
    const format = {
        unit: props.fixedUnit || data[props.unitField],
        decimals: props.fixedDecimals ?? data[props.decimalsField],
        currencyId: currencyIdOf(data),
    };
    const reason = props.reasonField && data[props.reasonField];
    const reasons = Object.fromEntries(fields[props.reasonField]?.selection || []);
    return {
        value: data[props.valueField || props.name],
        hasData: !props.hasField || data[props.hasField],
        reason: (reason && reasons[reason]) || "",
        format: (value) => formatInUnit(value, format),
    };
}
