import {formatCount, formatPercent} from "../../board/board_words";
import {ANSWERS} from "../feedback_words";
import {Component} from "@odoo/owl";

/** What was answered to each kind of question, as shares that fill the line. */
export class FeedbackAnswers extends Component {
    static template = "kpi_quality.FeedbackAnswers";
    static props = {board: Object, onOpen: Function};

    setup() {
        this.formatCount = formatCount;
        this.legend = ANSWERS;
    }

    get rows() {
        const {answers, figures} = this.props.board;
        return answers.map(({code, ...counts}) => {
            const all = ANSWERS.reduce((sum, {key}) => sum + (counts[key] || 0), 0);
            return {
                code,
                name: figures[code].name,
                all,
                parts: ANSWERS.filter(({key}) => counts[key]).map(({key, label}) => ({
                    key,
                    label: label.toString(),
                    count: counts[key],
                    share: (100 * counts[key]) / all,
                    figure: {code, answer: key, label: label.toString()},
                })),
            };
        });
    }

    partLabel({label, count, share}) {
        return `${label}: ${formatCount(count)} (${formatPercent(share)})`;
    }
}
