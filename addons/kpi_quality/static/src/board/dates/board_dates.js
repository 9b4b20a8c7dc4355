import {Component, useState} from "@odoo/owl";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {PERIODS} from "../board_words";

/** The days that a board looks at: a named period, or own dates. */
export class BoardDates extends Component {
    static template = "kpi_quality.BoardDates";
    static components = {DateTimeInput};
    static props = {filters: Object, onChange: Function};

    setup() {
        this.periods = PERIODS;
        this.own = useState({date_from: null, date_to: null});
    }

    date(name) {
        const chosen = this.own[name] || this.props.filters[name];
        return chosen ? deserializeDate(chosen) : false;
    }

    onPeriod(period) {
        const {date_from, date_to} = this.props.filters;
        Object.assign(this.own, {date_from: null, date_to: null});
        this.props.onChange(
            period === "custom" ? {period, date_from, date_to} : {period}
        );
    }

    /** The other end follows, so that there are always days between. */
    onDate(name, value) {
        if (!value) {
            return;
        }
        const dates = {
            date_from: this.own.date_from || this.props.filters.date_from,
            date_to: this.own.date_to || this.props.filters.date_to,
            [name]: serializeDate(value),
        };
        if (dates.date_from > dates.date_to) {
            dates.date_from = dates.date_to = dates[name];
        }
        Object.assign(this.own, {date_from: null, date_to: null});
        this.props.onChange(dates);
    }
}
