import {BoardDates} from "../../board/dates/board_dates";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

// From wide to narrow: a new choice forgets the narrower ones.
const PLACES = [
    {name: "site_id", label: _t("Site"), all: _t("All sites")},
    {name: "department_id", label: _t("Department"), all: _t("All departments")},
    {name: "point_id", label: _t("Point"), all: _t("All points")},
    {name: "employee_id", label: _t("Employee"), all: _t("Everybody")},
];

/** Days and place. The company is the one of the switcher. */
export class FeedbackFilters extends Component {
    static template = "kpi_quality.FeedbackFilters";
    static components = {BoardDates};
    static props = {filters: Object, choices: Object, onChange: Function};

    /** Nobody needs to choose among one. */
    get places() {
        return PLACES.filter(
            ({name}) => this.props.choices[name].length > 1 || this.props.filters[name]
        );
    }

    onPlace(name, value) {
        const index = PLACES.findIndex((place) => place.name === name);
        const narrower = PLACES.slice(index + 1).map((place) => [place.name, false]);
        this.props.onChange({
            [name]: Number(value) || false,
            ...Object.fromEntries(narrower),
        });
    }
}
