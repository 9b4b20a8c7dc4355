/* global Chart */
import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {curveDatasets} from "../../core/curve_datasets";
import {formatInUnit} from "../../core/unit_format";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const COLORS = {line: "#0072b2", gate: "#d55e00", cap: "#6c757d", point: "#e69f00"};

const percent = (value) =>
    formatInUnit(value, {unit: "percent", decimals: Number.isInteger(value) ? 0 : 2});

/** A bonus curve with its gate and cap, and the employee's point on it. */
export class KpiCurveField extends Component {
    static template = "kpi_quality.KpiCurveField";
    static props = {...standardFieldProps};

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                if (!this.curve) {
                    return undefined;
                }
                const chart = new Chart(this.canvasRef.el, this.chartConfig);
                return () => chart.destroy();
            },
            () => [JSON.stringify(this.curve)]
        );
    }

    get curve() {
        return this.props.record.data[this.props.name];
    }

    get labels() {
        const {gate, cap, point} = this.curve;
        return {
            line: _t("Bonus"),
            gate: gate === null ? "" : _t("Gate %s", percent(gate)),
            cap: cap === null ? "" : _t("Cap %s", percent(cap)),
            point: point
                ? _t("Coefficient %(coefficient)s: bonus %(bonus)s", {
                      coefficient: percent(point[0]),
                      bonus: percent(point[1]),
                  })
                : "",
        };
    }

    /**
     * The picture in words.
     *
     * @returns {String}
     */
    get description() {
        const {gate, cap, point} = this.labels;
        return [_t("Bonus curve"), gate, cap, point].filter(Boolean).join(". ");
    }

    get chartConfig() {
        const axis = (title) => ({
            type: "linear",
            beginAtZero: true,
            title: {display: true, text: title},
            ticks: {callback: (value) => percent(value)},
        });
        return {
            type: "line",
            data: {datasets: curveDatasets(this.curve, this.labels, COLORS)},
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: {mode: "nearest", intersect: false},
                scales: {
                    x: axis(_t("Performance coefficient")),
                    y: axis(_t("Bonus, part of the target premium")),
                },
                plugins: {
                    legend: {position: "bottom", labels: {usePointStyle: true}},
                    tooltip: {
                        callbacks: {
                            title: () => "",
                            label: ({raw}) => `${percent(raw.x)} → ${percent(raw.y)}`,
                        },
                    },
                },
            },
        };
    }
}

export const kpiCurveField = {
    component: KpiCurveField,
    displayName: _t("Bonus curve"),
    supportedTypes: ["json"],
};

registry.category("fields").add("kpi_curve", kpiCurveField);
