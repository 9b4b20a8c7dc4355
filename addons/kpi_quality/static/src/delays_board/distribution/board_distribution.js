import {bucketLabel, formatCount, formatPercent} from "../board_words";
import {BoardChart} from "../../board/chart/board_chart";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** How many promises were missed by how much. */
export class BoardDistribution extends Component {
    static template = "kpi_quality.BoardDistribution";
    static components = {BoardChart};
    static props = {board: Object, onOpen: Function};

    setup() {
        this.formatCount = formatCount;
        this.title = _t("How late").toString();
        this.columns = [_t("Delay"), _t("Promises"), _t("Share")].map(String);
    }

    get rows() {
        const {buckets, total} = this.props.board;
        return buckets.map((bucket) => ({
            label: bucketLabel(bucket),
            cells: [
                formatCount(bucket.due),
                formatPercent(total.due ? (100 * bucket.due) / total.due : null),
            ],
            figure: {
                bucket_from: bucket.bucket,
                bucket_to: bucket.bucket,
                label: bucketLabel(bucket),
            },
        }));
    }

    get datasets() {
        const {buckets} = this.props.board;
        return [
            {
                label: _t("Promises").toString(),
                data: buckets.map(({due}) => due),
                colorName: "count",
            },
        ];
    }

    get description() {
        const parts = this.rows.map(
            ({label, cells}) => `${label}: ${cells.join(", ")}`
        );
        return `${this.title}. ${parts.join("; ")}`;
    }
}
