import {
    ANSWERS,
    COMPLAINTS,
    ENDS,
    KINDS,
    TASKS,
    foreignZone,
    formatClock,
    formatSeconds,
    formatWhen,
} from "./desk_words";
import {
    Component,
    EventBus,
    onWillStart,
    useExternalListener,
    useState,
} from "@odoo/owl";
import {ConnectionLostError, RPCError} from "@web/core/network/rpc";
import {DeskDraft} from "./desk_draft";
import {DeskTimeline} from "./desk_timeline";
import {DeskVideo} from "./desk_video";
import {_t} from "@web/core/l10n/translation";
import {commandOf} from "./desk_keys";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useInterval} from "./desk_interval";
import {useService} from "@web/core/utils/hooks";

const MODEL = "kpi.feedback.desk";
const RENEW_MS = 3 * 60 * 1000;
const LOOK_AGAIN_MS = 60 * 1000;
// Who did nothing for so long went away: others get the items.
const AWAY_MS = 10 * 60 * 1000;

/** Presses beside their video, one after the other, judged by keyboard. */
export class ExpertDesk extends Component {
    static template = "kpi_quality.ExpertDesk";
    static components = {DeskTimeline, DeskVideo};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.bus = new EventBus();
        this.reasons = {};
        this.activeAt = Date.now();
        this.state = useState({
            items: [],
            draft: null,
            done: 0,
            total: 0,
            nextFill: false,
            skipped: [],
            isBusy: false,
            isHelp: false,
            // What was recorded last, and what went wrong.
            notice: "",
            error: "",
        });
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
        useInterval(() => this.renew(), RENEW_MS);
        useInterval(() => this.lookAgain(), LOOK_AGAIN_MS);
        onWillStart(() => this.load());
    }

    // ------------------------------------------------------------------ display
    get item() {
        return this.state.items[0];
    }

    get draft() {
        return this.state.draft;
    }

    get words() {
        const {kind} = this.item;
        return {
            kind: KINDS[kind],
            task: TASKS[kind],
            when: formatWhen(this.item),
            zone: foreignZone(this.item),
        };
    }

    get facts() {
        const item = this.item;
        const answer =
            item.answer &&
            (item.response_ms === false
                ? ANSWERS[item.answer]
                : _t("%(answer)s, after %(time)s", {
                      answer: ANSWERS[item.answer],
                      time: formatSeconds(item.response_ms),
                  }));
        return [
            {label: _t("Question"), value: item.question},
            {label: _t("Answer"), value: answer},
            {label: _t("Seller"), value: item.employee},
            {label: _t("Press"), value: COMPLAINTS[item.complaint]},
            {label: _t("Said"), value: item.description},
            {label: _t("End"), value: ENDS[item.ended_by]},
        ].filter(({value}) => value);
    }

    get progress() {
        const {done, total} = this.state;
        return {
            text: _t("%(done)s of %(total)s today", {done, total}),
            percent: total ? (100 * done) / total : 0,
        };
    }

    get emptyText() {
        const {nextFill} = this.state;
        return nextFill
            ? _t(
                  "Red presses and force majeure come as they happen. The next sample is drawn at %s.",
                  formatClock(nextFill)
              )
            : _t(
                  "Nothing is drawn at present: an administrator can switch the scheduled action “KPI: fill the expert's desk” on."
              );
    }

    // ------------------------------------------------------------------ calls
    /**
     * Whatever goes wrong is told on the desk, and what was decided stays there.
     *
     * @param {String} method
     * @param {Array} args
     * @returns {Promise<Object|null>} what is on the desk then
     */
    async call(method, args) {
        this.state.isBusy = true;
        this.state.error = "";
        try {
            return await this.orm.call(MODEL, method, args);
        } catch (error) {
            this.state.error = this.explain(error);
            return null;
        } finally {
            this.state.isBusy = false;
        }
    }

    explain(error) {
        if (error instanceof ConnectionLostError) {
            return _t("No connection. Your verdict is kept here: press Enter again.");
        }
        if (error instanceof RPCError && error.data?.message) {
            return error.data.message;
        }
        throw error;
    }

    show(desk) {
        if (!desk) {
            return false;
        }
        this.reasons = desk.reasons || this.reasons;
        const before = this.item?.id;
        Object.assign(this.state, {
            items: desk.items,
            done: desk.done,
            total: desk.total,
            nextFill: desk.next_fill,
        });
        if (this.item?.id !== before || !this.draft) {
            this.state.draft = this.item
                ? new DeskDraft(this.item, this.reasons[this.item.kind])
                : null;
        }
        return true;
    }

    async load() {
        this.show(await this.call("get_desk", [this.state.skipped]));
    }

    async confirm() {
        const {draft, item} = this;
        if (!item) {
            return this.showSkipped();
        }
        if (!draft.isReady) {
            return;
        }
        const desk = await this.call("judge", [
            item.id,
            draft.values,
            this.state.skipped,
        ]);
        if (this.show(desk)) {
            this.state.notice = _t("Recorded: %s", this.describe(draft));
        }
    }

    describe(draft) {
        if (draft.isSlice) {
            const {served, missed} = draft;
            return _t("%(served)s served, %(missed)s without a press", {
                served,
                missed,
            });
        }
        const verdict = draft.verdicts.find(({value}) => value === draft.verdict);
        const reason = draft.reasons.find(({id}) => id === draft.reasonId);
        return [verdict.label, reason?.name].filter(Boolean).join(" · ");
    }

    async undo() {
        const {done} = this.state;
        if (this.show(await this.call("undo", [this.state.skipped]))) {
            const wasUndone = this.state.done < done;
            this.state.notice = wasUndone
                ? _t("Taken back: judge it again.")
                : _t("There is nothing of today to take back.");
            const {id} = this.item || {};
            this.state.skipped = this.state.skipped.filter((other) => other !== id);
        }
    }

    async skip() {
        if (!this.item) {
            return;
        }
        const skipped = [...this.state.skipped, this.item.id];
        if (this.show(await this.call("skip", [this.item.id, skipped]))) {
            this.state.skipped = skipped;
            this.state.notice = "";
        }
    }

    async showSkipped() {
        if (this.state.skipped.length) {
            this.state.skipped = [];
            await this.load();
        }
    }

    /** Keep what is looked at, as long as somebody does. */
    async renew() {
        const ids = this.state.items.map(({id}) => id);
        if (!ids.length || Date.now() - this.activeAt > AWAY_MS) {
            return;
        }
        let kept = ids;
        try {
            kept = await this.orm.silent.call(MODEL, "renew", [ids]);
        } catch (error) {
            this.state.error = this.explain(error);
        }
        if (this.item && !kept.includes(this.item.id)) {
            this.state.error = _t(
                "You were away, and somebody else took this item. Press N for the next one."
            );
        }
    }

    lookAgain() {
        if (
            !this.item &&
            !this.state.isBusy &&
            document.visibilityState === "visible"
        ) {
            return this.load();
        }
    }

    // ------------------------------------------------------------------- keys
    onKeydown(ev) {
        this.activeAt = Date.now();
        const command = commandOf(ev);
        if (!command || document.querySelector(".modal, .o_command_palette")) {
            return;
        }
        ev.preventDefault();
        // Held down, Enter would judge the next item as well.
        if (!ev.repeat || ["rewind", "forward"].includes(command.name)) {
            this.obey(command);
        }
    }

    /**
     * By key or by click.
     *
     * @param {{name: String, digit: Number}} command
     */
    obey({name, digit}) {
        this.activeAt = Date.now();
        if (name === "help") {
            this.state.isHelp = !this.state.isHelp;
        } else if (["play", "rewind", "forward", "press", "archive"].includes(name)) {
            this.bus.trigger("video", name);
        } else if (this.state.isBusy) {
            // Meant for the item that is just being judged.
        } else if (["confirm", "undo", "skip"].includes(name)) {
            return this[name]();
        } else if (this.item) {
            this.state.isHelp = false;
            if (name === "digit") {
                this.draft.press(digit);
            } else {
                this.draft.back();
            }
        }
    }

    /** What was clicked must not swallow the next Enter. */
    onClick(ev) {
        if (ev.detail && ev.target.closest("button")) {
            document.activeElement?.blur();
        }
    }
}

registry.category("actions").add("kpi_expert_desk", ExpertDesk);
