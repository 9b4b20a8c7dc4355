import {formatCount, formatLateness, formatMoment} from "../board_words";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** What is late at this moment, longest first, and what is due next today. */
export class BoardLateNow extends Component {
    static template = "kpi_quality.BoardLateNow";
    static props = {
        live: {type: Object, optional: true},
        onOpen: Function,
        onOpenAll: Function,
    };

    setup() {
        this.formatCount = formatCount;
    }

    /** Lists with something on them; one line for all that are empty. */
    get lists() {
        return this.props.live.lists.filter(({count}) => count);
    }

    get emptyTitles() {
        return this.props.live.lists
            .filter(({count}) => !count)
            .map(({title}) => title)
            .join(" · ");
    }

    when(list, row) {
        return list.late
            ? _t("%s late", formatLateness(row.hours))
            : _t("due %s", formatMoment(row.due));
    }

    due(row) {
        return _t("due %s", formatMoment(row.due));
    }
}
