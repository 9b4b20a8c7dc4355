import {BUTTONS, formatOffset, formatSeconds} from "./desk_words";
import {Component} from "@odoo/owl";

const AROUND = 60;
// A press held shorter than this is an ordinary one.
const HELD_MS = 1000;

/** The presses of the point around what is judged, on a line and in words. */
export class DeskTimeline extends Component {
    static template = "kpi_quality.DeskTimeline";
    static props = {item: Object};

    get length() {
        const {moment, stop} = this.props.item;
        const parse = luxon.DateTime.fromSQL;
        return stop ? parse(stop).diff(parse(moment), "seconds").seconds : 0;
    }

    position(seconds) {
        const share = (seconds + AROUND) / (this.length + 2 * AROUND);
        return 100 * Math.min(1, Math.max(0, share));
    }

    get span() {
        const from = this.position(0);
        return `left: ${from}%; width: ${this.position(this.length) - from}%`;
    }

    get presses() {
        return this.props.item.presses.map((press, key) => ({
            ...press,
            key,
            name: BUTTONS[press.button],
            offset: press.is_item ? "" : formatOffset(press.seconds),
            held: press.held_ms >= HELD_MS ? formatSeconds(press.held_ms) : "",
            style: `left: ${this.position(press.seconds)}%`,
        }));
    }

    get ends() {
        return [formatOffset(-AROUND), formatOffset(this.length + AROUND)];
    }
}
