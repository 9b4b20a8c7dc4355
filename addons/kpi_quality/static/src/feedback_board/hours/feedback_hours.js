import {formatCount, formatPercent} from "../../board/board_words";
import {BoardChart} from "../../board/chart/board_chart";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** Visitor coverage by hour of the day, and when there are too few sellers. */
export class FeedbackHours extends Component {
    static template = "kpi_quality.FeedbackHours";
    static components = {BoardChart};
    static props = {hours: Object, onOpen: Function};

    setup() {
        this.formatPercent = formatPercent;
        this.title = _t("Visitor coverage by hour").toString();
        this.columns = [_t("Hour"), _t("Coverage"), _t("Attempts"), _t("Visits")].map(
            String
        );
    }

    get rows() {
        return this.props.hours.rows.map(({hour, value, attempts, visits}) => {
            const label = `${hour}–${hour + 1}`;
            return {
                label,
                cells: [
                    formatPercent(value),
                    formatCount(attempts),
                    formatCount(visits),
                ],
                figure: {code: "visitor_coverage", hour, label},
            };
        });
    }

    get datasets() {
        const part = (label, colorName, isWanted) => ({
            label,
            data: this.props.hours.rows.map((row) =>
                isWanted(row) ? row.value : null
            ),
            colorName,
        });
        const covered = part(_t("Coverage").toString(), "count", ({thin}) => !thin);
        return this.props.hours.thin.length
            ? [
                  covered,
                  part(_t("Too few sellers").toString(), "late", ({thin}) => thin),
              ]
            : [covered];
    }

    get description() {
        return [this.title, ...this.props.hours.thin].join(". ");
    }
}
