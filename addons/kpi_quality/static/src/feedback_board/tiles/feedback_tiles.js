import {describeStanding, formatBase, formatFigure, isTooFew} from "../feedback_words";
import {formatCount, formatPercent, isNothing} from "../../board/board_words";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** The indexes, the exact figures beside them, and whether to believe them. */
export class FeedbackTiles extends Component {
    static template = "kpi_quality.FeedbackTiles";
    static props = {board: Object, onOpen: Function, onOpenLive: Function};

    get indexes() {
        const {indexes, figures} = this.props.board;
        return indexes.map((code) => {
            const figure = figures[code];
            return {
                code,
                label: figure.name,
                value: formatFigure(figure),
                isSmall: isTooFew(figure),
                standing: figure.standing,
                text: describeStanding(figure),
                base: formatBase(figure),
                before: isNothing(figure.previous)
                    ? ""
                    : _t("%s before", formatPercent(figure.previous)),
                open: () => this.props.onOpen({code}),
            };
        });
    }

    get exact() {
        const {exact, figures, trust} = this.props.board;
        const tiles = exact.map((code) => {
            const figure = figures[code];
            const isLimited = code === "force_majeure_share";
            const limit = formatPercent(trust.force_majeure_limit);
            return {
                key: code,
                label: figure.name,
                value: formatFigure(figure),
                text: isLimited ? _t("at most %s", limit) : describeStanding(figure),
                standing: isLimited && trust.fix_causes ? "worse" : figure.standing,
                warning:
                    isLimited && trust.fix_causes ? _t("Fix the causes first") : "",
                open: () => this.props.onOpen({code}),
            };
        });
        return [...tiles, ...this.live];
    }

    get live() {
        const {trust} = this.props.board;
        const tiles = [
            {
                key: "days_covered",
                label: _t("Opening days with a valid poll"),
                value: formatPercent(trust.days_covered),
                text: _t("%(days)s of %(all)s", {
                    days: formatCount(trust.days),
                    all: formatCount(trust.opening_days),
                }),
            },
            {
                key: "rejected",
                label: _t("Rejected by the expert"),
                value: formatPercent(trust.rejection_rate),
                text: _t("%(rejected)s of %(checked)s checked polls", {
                    rejected: formatCount(trust.rejected),
                    checked: formatCount(trust.checked),
                }),
                open: trust.rejected && (() => this.props.onOpenLive("rejected")),
            },
        ];
        if (!isNothing(trust.unasked)) {
            tiles.push({
                key: "unasked",
                label: _t("Unasked answers"),
                value: formatCount(trust.unasked),
                text: _t("outside the window of a poll"),
                open: trust.unasked && (() => this.props.onOpenLive("unasked")),
            });
        }
        return tiles;
    }
}
