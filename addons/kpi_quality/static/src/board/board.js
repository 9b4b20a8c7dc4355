import {Component, useRef} from "@odoo/owl";
import {formatMeasured, formatStretch} from "./board_words";
import {BoardStore} from "./board_store";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useBoard} from "./board_hooks";
import {useService} from "@web/core/utils/hooks";

/** What the boards have in common: a store, and opening what stands behind figures. */
export class Board extends Component {
    static template = ""; // Each board has its own.
    static props = {...standardActionServiceProps};
    static Store = BoardStore;

    setup() {
        this.action = useService("action");
        this.rootRef = useRef("root");
        const {Store} = this.constructor;
        const {memory} = Store;
        const filters = this.props.state?.filters || memory.initial(router.current);
        const {store, changeFilters} = useBoard({
            props: this.props,
            rootRef: this.rootRef,
            store: new Store(useService("orm"), filters),
            memory,
        });
        Object.assign(this, {store, changeFilters});
        for (const name of ["open", "openLive", "openRecord", "improve"]) {
            this[name] = this[name].bind(this);
        }
    }

    get display() {
        return {controlPanel: {}};
    }

    get stretch() {
        return formatStretch(this.store.board.filters);
    }

    get measured() {
        return formatMeasured(this.store.board.measured_at);
    }

    // ---------------------------------------------------------------- opening
    async open(figure) {
        await this.do("action_open_documents", figure);
    }

    async openLive(key) {
        await this.do("action_open_live", key);
    }

    /** Begin an improvement action; how, the board knows. */
    async improve(figure) {
        await this.do("action_improve", figure);
    }

    async do(method, ...what) {
        this.action.doAction(await this.store.askAction(method, ...what));
    }

    openRecord(model, id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}
