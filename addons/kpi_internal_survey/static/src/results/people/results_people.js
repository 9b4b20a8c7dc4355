import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatCount} from "@kpi_quality/board/board_words";

/** The colleagues whom most people named, and others whom enough did. */
export class ResultsPeople extends Component {
    static template = "kpi_internal_survey.ResultsPeople";
    static props = {board: Object};

    get best() {
        return this.props.board.best_people.filter((person) => person.is_best);
    }

    get others() {
        return this.props.board.best_people.filter((person) => !person.is_best);
    }

    formatVotes({votes}) {
        return _t("%s votes", formatCount(votes));
    }
}
