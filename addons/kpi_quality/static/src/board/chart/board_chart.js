/* global Chart */
import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";

// Vertical lines with a flag, where something was begun.
const marksPlugin = {
    id: "kpiMarks",
    afterDatasetsDraw(chart, _args, {indexes = [], color}) {
        const {ctx, chartArea, scales} = chart;
        ctx.save();
        ctx.strokeStyle = color;
        ctx.fillStyle = color;
        for (const index of indexes) {
            const x = scales.x.getPixelForValue(index);
            ctx.setLineDash([4, 3]);
            ctx.beginPath();
            ctx.moveTo(x, chartArea.top);
            ctx.lineTo(x, chartArea.bottom);
            ctx.stroke();
            ctx.beginPath();
            ctx.moveTo(x, chartArea.top);
            ctx.lineTo(x + 9, chartArea.top + 4);
            ctx.lineTo(x, chartArea.top + 8);
            ctx.fill();
        }
        ctx.restore();
    },
};

/**
 * A picture, and the same as a table: for those who cannot see or point, and because
 * a bar of nothing cannot be clicked. Bars and rows open their documents.
 *
 * `columns`: titles of the table. `rows`: `label`, `cells` (texts) and `figure` (what a
 * click opens) of each group. `datasets`: Chart.js datasets with `colorName`; where a
 * bar opens something narrower, with the rest of the `figure` in `narrower`; and with
 * `isHelper` where it is only the edge of an area, and no figure of its own.
 */
export class BoardChart extends Component {
    static template = "kpi_quality.BoardChart";
    static props = {
        title: String,
        description: String,
        columns: {type: Array, element: String},
        rows: {type: Array, element: Object},
        datasets: {type: Array, element: Object},
        marks: {type: Array, element: Number, optional: true},
        horizontal: {type: Boolean, optional: true},
        stacked: {type: Boolean, optional: true},
        formatValue: Function,
        formatSecond: {type: Function, optional: true},
        onOpen: Function,
        onImprove: {type: Function, optional: true},
    };
    static defaultProps = {marks: [], horizontal: false, stacked: false};

    setup() {
        this.canvasRef = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [
                JSON.stringify([
                    this.props.rows,
                    this.props.datasets,
                    this.props.marks,
                ]),
            ]
        );
        useEffect(
            () => () => this.chart?.destroy(),
            () => []
        );
    }

    improveLabel({label}) {
        return _t("Improve: %s", label);
    }

    get height() {
        const bars = 2.2 * this.props.rows.length + 4;
        return this.props.horizontal ? `${Math.max(bars, 10)}rem` : "16rem";
    }

    /** What changed is drawn into the chart that is there, so that nothing flickers. */
    draw() {
        const {data, options} = this.chartConfig;
        if (this.chart && this.chart.options.indexAxis === options.indexAxis) {
            this.chart.data = data;
            this.chart.options = options;
            this.chart.update("none");
            return;
        }
        this.chart?.destroy();
        this.chart = new Chart(this.canvasRef.el, this.chartConfig);
    }

    color(name) {
        const style = getComputedStyle(this.canvasRef.el);
        return style.getPropertyValue(`--kpi-board-${name}`).trim();
    }

    get chartConfig() {
        const {rows, datasets} = this.props;
        return {
            type: "bar",
            data: {
                labels: rows.map(({label}) => label),
                datasets: datasets.map(({colorName, ...dataset}) => ({
                    maxBarThickness: 40,
                    minBarLength: 2,
                    borderColor: this.color(colorName),
                    backgroundColor: this.color(colorName),
                    ...dataset,
                })),
            },
            options: this.chartOptions,
            plugins: [marksPlugin],
        };
    }

    get chartOptions() {
        const {horizontal, stacked, datasets, marks} = this.props;
        const second = datasets.some(({yAxisID}) => yAxisID === "second");
        const formats = (dataset) =>
            dataset.yAxisID === "second"
                ? this.props.formatSecond
                : this.props.formatValue;
        const grid = {color: this.color("grid")};
        const ticks = {color: this.color("text")};
        const values = {
            beginAtZero: true,
            stacked,
            grid,
            ticks: {
                ...ticks,
                maxTicksLimit: 6,
                callback: (value) => this.props.formatValue(value),
            },
        };
        const groups = {
            stacked,
            grid: {display: false},
            ticks: {...ticks, autoSkip: !horizontal, maxRotation: 0},
        };
        return {
            animation: false,
            maintainAspectRatio: false,
            indexAxis: horizontal ? "y" : "x",
            interaction: {
                mode: "index",
                axis: horizontal ? "y" : "x",
                intersect: false,
            },
            scales: {
                x: horizontal ? values : groups,
                y: horizontal ? groups : values,
                ...(second && {
                    second: {
                        position: "right",
                        beginAtZero: true,
                        grid: {display: false},
                        ticks: {
                            ...ticks,
                            maxTicksLimit: 6,
                            callback: (value) => this.props.formatSecond(value),
                        },
                    },
                }),
            },
            plugins: {
                kpiMarks: {indexes: marks, color: this.color("mark")},
                legend: {
                    display: datasets.length > 1,
                    position: "bottom",
                    labels: {
                        color: this.color("text"),
                        usePointStyle: true,
                        filter: ({datasetIndex}) => !datasets[datasetIndex].isHelper,
                    },
                },
                tooltip: {
                    filter: ({dataset}) => !dataset.isHelper,
                    callbacks: {
                        label: ({dataset, raw}) =>
                            `${dataset.label}: ${formats(dataset)(raw)}`,
                    },
                },
            },
            onHover: (event, elements) => {
                event.native.target.style.cursor = elements.length ? "pointer" : "";
            },
            onClick: (event, elements, chart) => this.onClick(event, elements, chart),
        };
    }

    /** The bar that was hit, else the group: an empty place above a bar is meant, too. */
    onClick(event, elements, chart) {
        if (!elements.length) {
            return;
        }
        const [hit] = chart.getElementsAtEventForMode(
            event,
            "nearest",
            {intersect: true},
            false
        );
        const {narrower} = hit ? this.props.datasets[hit.datasetIndex] : {};
        const {figure} = this.props.rows[elements[0].index];
        this.props.onOpen({...figure, ...narrower});
    }
}
