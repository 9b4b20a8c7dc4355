import {Component} from "@odoo/owl";
import {KINDS} from "../feedback_words";
import {_t} from "@web/core/l10n/translation";
import {formatDay} from "../../board/board_words";

/** What each point asks now, and since when. */
export class FeedbackQuestions extends Component {
    static template = "kpi_quality.FeedbackQuestions";
    static props = {
        questions: {type: Array, element: Object},
        onOpenRecord: Function,
    };

    setup() {
        this.kinds = KINDS;
    }

    /** Points that ask the same since the same day stand together. */
    get groups() {
        const groups = new Map();
        for (const {point_id, point, question, kind, since} of this.props.questions) {
            const key = `${question} ${since}`;
            if (!groups.has(key)) {
                groups.set(key, {key, question, kind, since, points: []});
            }
            groups.get(key).points.push({id: point_id, name: point});
        }
        return [...groups.values()];
    }

    since({since}) {
        return _t("since %s", formatDay(since));
    }
}
