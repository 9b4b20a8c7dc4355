import {describeChange, formatCount, formatHours, formatPercent} from "../board_words";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** The figures of the stretch, each against the stretch before. */
export class BoardTiles extends Component {
    static template = "kpi_quality.BoardTiles";
    static props = {board: Object, onOpen: Function};

    setup() {
        this.better = _t("better");
        this.worse = _t("worse");
    }

    get tiles() {
        const {total, previous, has_parts} = this.props.board;
        const tile = (key, label, name, format, figure) => ({
            key,
            label,
            value: format(total[name]),
            change: describeChange(total[name], previous[name], format),
            figure,
        });
        const late = {bucket_from: 1};
        const tiles = [
            tile(
                "lateness",
                _t("Mean lateness of the late ones"),
                "mean_lateness",
                formatHours,
                {...late, label: _t("late ones")}
            ),
            tile("share", _t("Share late"), "late_share", formatPercent, {
                ...late,
                label: _t("late ones"),
            }),
            tile("delay", _t("Mean delay over all due"), "mean_delay", formatHours, {}),
        ];
        if (has_parts) {
            tiles.push(
                tile(
                    "own",
                    _t("Our receiving's part of the delay"),
                    "own_share",
                    formatPercent,
                    {part: "own", label: _t("our receiving")}
                )
            );
        }
        tiles.push({
            key: "count",
            label: _t("Late of %s due", formatCount(total.due)),
            value: formatCount(total.late),
            change: {
                text: _t("%(late)s of %(due)s before", {
                    late: formatCount(previous.late),
                    due: formatCount(previous.due),
                }),
                trend: "",
            },
            figure: {},
        });
        return tiles;
    }
}
