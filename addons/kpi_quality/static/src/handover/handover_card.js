import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {formatSpan, minutesBetween} from "./handover_time";

const {DateTime} = luxon;

/** One receipt or delivery, with the one button that matters. */
export class HandoverCard extends Component {
    static template = "kpi_quality.HandoverCard";
    static props = {
        card: Object,
        kind: {
            type: String,
            validate: (kind) => ["arrival", "delivery"].includes(kind),
        },
        busy: {type: Boolean, optional: true},
        onMark: Function,
        onTakeBack: Function,
        onOpen: Function,
    };

    get due() {
        return deserializeDateTime(this.props.card.due);
    }

    get isLate() {
        return this.props.card.section === "overdue";
    }

    get dueText() {
        const late = minutesBetween(this.due, DateTime.now());
        if (late > 0) {
            return _t("Late by %s", formatSpan(late));
        }
        if (this.due.hasSame(DateTime.now(), "day")) {
            return _t("Due at %s", this.due.toLocaleString(DateTime.TIME_SIMPLE));
        }
        return _t("Due %s", this.format(this.props.card.due));
    }

    /** Rescheduled: the first promise counts, the plan tells when to look out. */
    get plannedText() {
        const {due, planned} = this.props.card;
        if (this.props.kind === "delivery") {
            return _t("shipped %s", this.format(planned));
        }
        if (Math.abs(minutesBetween(this.due, deserializeDateTime(planned))) < 1) {
            return "";
        }
        return due < planned ? _t("now planned for %s", this.format(planned)) : "";
    }

    get linesText() {
        const {lines} = this.props.card;
        return lines === 1 ? _t("1 line") : _t("%s lines", lines);
    }

    get markText() {
        return this.props.kind === "arrival" ? _t("Arrived") : _t("Delivered");
    }

    get markedText() {
        const {moment, who} = this.props.card.mark;
        const words = {moment: this.format(moment), who};
        if (this.props.kind === "delivery") {
            return _t("Delivered %(moment)s, %(who)s", words);
        }
        const waiting = minutesBetween(deserializeDateTime(moment), DateTime.now());
        return _t("At the dock for %(span)s: %(moment)s, %(who)s", {
            span: formatSpan(waiting),
            ...words,
        });
    }

    format(moment) {
        return toLocaleDateTimeString(deserializeDateTime(moment));
    }
}
