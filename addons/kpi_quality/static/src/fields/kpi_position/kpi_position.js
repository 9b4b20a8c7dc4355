import {
    extractFigureProps,
    figureDependencies,
    figureProps,
    readFigure,
} from "../../core/figure";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {positionScale} from "../../core/position_scale";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** A bullet chart: where the fact stands between base, plan and challenge. */
export class KpiPositionField extends Component {
    static template = "kpi_quality.KpiPositionField";
    static props = {
        ...standardFieldProps,
        ...figureProps,
        baseField: {type: String},
        planField: {type: String},
        challengeField: {type: String},
    };

    get thresholds() {
        const {data} = this.props.record;
        return {
            base: data[this.props.baseField],
            plan: data[this.props.planField],
            challenge: data[this.props.challengeField],
        };
    }

    get scale() {
        const {hasData, value} = readFigure(this.props);
        return positionScale(hasData ? value : null, this.thresholds);
    }

    /**
     * The picture in words.
     *
     * @param {Object} scale
     * @returns {String}
     */
    describe({marker}) {
        const {format, reason, value} = readFigure(this.props);
        if (!marker) {
            return reason ? _t("No data: %s", reason) : _t("No data");
        }
        const words = {fact: format(value)};
        for (const [name, threshold] of Object.entries(this.thresholds)) {
            words[name] = format(threshold);
        }
        switch (marker.band) {
            case "challenge":
                return _t("%(fact)s: challenge %(challenge)s is met", words);
            case "plan":
                return _t(
                    "%(fact)s: plan %(plan)s is met, challenge %(challenge)s is not",
                    words
                );
            case "base":
                return _t("%(fact)s: between base %(base)s and plan %(plan)s", words);
            default:
                return _t("%(fact)s: worse than base %(base)s", words);
        }
    }
}

export const kpiPositionField = {
    component: KpiPositionField,
    displayName: _t("Position between base, plan and challenge"),
    supportedTypes: ["float", "boolean"],
    extractProps: ({options}) => ({
        ...extractFigureProps({options}),
        baseField: options.base_field || "base",
        planField: options.plan_field || "plan",
        challengeField: options.challenge_field || "challenge",
    }),
    fieldDependencies: ({options}) => [
        ...figureDependencies({options}),
        {name: options.base_field || "base", type: "float"},
        {name: options.plan_field || "plan", type: "float"},
        {name: options.challenge_field || "challenge", type: "float"},
    ],
};

registry.category("fields").add("kpi_position", kpiPositionField);
