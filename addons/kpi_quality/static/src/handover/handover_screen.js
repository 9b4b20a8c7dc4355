import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {useBus, useService} from "@web/core/utils/hooks";
import {HandoverCard} from "./handover_card";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {RPCError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {isBarcodeScannerSupported} from "@web/core/barcode/barcode_video_scanner";
import {registry} from "@web/core/registry";
import {scanBarcode} from "@web/core/barcode/barcode_dialog";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useDebounced} from "@web/core/utils/timing";
import {user} from "@web/core/user";

const MODEL = "kpi.handover.screen";
const UNDO_MS = 8000;
const REFRESH_MS = 60000;
// What a scanner sends to press a button of Odoo itself.
const COMMAND = /^O(BT|CD)/;

/** Trucks at the dock, parcels at the door: find it, tap it, or scan it. */
export class HandoverScreen extends Component {
    static template = "kpi_quality.HandoverScreen";
    static components = {HandoverCard, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.kind = this.props.action.params.kind || "arrival";
        this.storageKey = `kpi_handover.warehouse.${user.userId}`;
        this.hasCamera = isBarcodeScannerSupported();
        this.keepLast = new KeepLast();
        this.state = useState({
            cards: [],
            total: 0,
            overdue: 0,
            needsMark: true,
            warehouses: [],
            warehouseId: this.rememberedWarehouse,
            marked: false,
            search: "",
            // Of several receipts of one order that was scanned.
            choice: "",
            message: "",
            busyId: 0,
            undo: null,
        });
        this.searchLater = useDebounced(() => this.load(), 300);
        useBus(useService("barcode").bus, "barcode_scanned", ({detail}) =>
            this.onScanned(detail.barcode)
        );
        onWillStart(() => this.load());
        const refresh = browser.setInterval(() => this.refresh(), REFRESH_MS);
        onWillUnmount(() => {
            browser.clearInterval(refresh);
            browser.clearTimeout(this.undoTimer);
        });
    }

    // ------------------------------------------------------------------ loading
    get rememberedWarehouse() {
        const remembered = browser.localStorage.getItem(this.storageKey);
        return remembered === null ? null : Number(remembered);
    }

    async load(offset = 0) {
        const {warehouseId, search, marked} = this.state;
        const page = await this.keepLast.add(
            this.orm.call(MODEL, "get_cards", [
                this.kind,
                warehouseId,
                search,
                marked,
                offset,
            ])
        );
        const cards = offset ? [...this.state.cards, ...page.cards] : page.cards;
        Object.assign(this.state, {
            cards,
            total: page.total,
            overdue: page.overdue,
            needsMark: page.needs_mark,
            warehouses: page.warehouses,
            warehouseId: page.warehouse_id,
            choice: "",
        });
    }

    /** Others tap as well; what somebody is looking through stays as it is. */
    refresh() {
        const reading = this.state.choice || this.state.cards.length > 40;
        if (!reading && document.visibilityState === "visible") {
            this.load();
        }
    }

    loadMore() {
        return this.load(this.state.cards.length);
    }

    // ----------------------------------------------------------------- display
    get sections() {
        const titles = {
            overdue: _t("Overdue"),
            today: _t("Due today"),
            later: _t("Later"),
        };
        if (this.state.marked || this.state.choice) {
            return [{key: "all", title: "", cards: this.state.cards}];
        }
        return Object.entries(titles)
            .map(([key, title]) => ({
                key,
                title,
                cards: this.state.cards.filter((card) => card.section === key),
            }))
            .filter((section) => section.cards.length);
    }

    get summary() {
        const {total, overdue} = this.state;
        return overdue
            ? _t("%(overdue)s late of %(total)s", {overdue, total})
            : _t("%s open, none late", total);
    }

    get emptyText() {
        if (this.state.search) {
            return _t("Nothing found.");
        }
        if (this.state.marked) {
            return _t("Nothing is waiting.");
        }
        if (this.kind === "delivery" && !this.state.needsMark) {
            return _t(
                "Deliveries are not confirmed here: they count as delivered once shipped. The operation type can be set to “Deliveries are confirmed”."
            );
        }
        return _t("All done.");
    }

    get undoText() {
        const words = {name: this.state.undo.name};
        return this.kind === "arrival"
            ? _t("%(name)s has arrived", words)
            : _t("%(name)s is delivered", words);
    }

    // ------------------------------------------------------------------ choices
    onWarehouse(ev) {
        this.state.warehouseId = Number(ev.target.value);
        browser.localStorage.setItem(this.storageKey, this.state.warehouseId);
        return this.load();
    }

    onTab(marked) {
        Object.assign(this.state, {marked, message: ""});
        return this.load();
    }

    onSearchInput(ev) {
        this.state.search = ev.target.value;
        this.state.message = "";
        this.searchLater();
    }

    onSearchKeydown(ev) {
        if (ev.key === "Enter" && this.state.search.trim()) {
            ev.preventDefault();
            this.searchLater.cancel();
            this.scan(this.state.search, true);
        }
    }

    clearSearch() {
        Object.assign(this.state, {search: "", message: ""});
        return this.load();
    }

    openTransfer(card) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "stock.picking",
            res_id: card.id,
            views: [[false, "form"]],
        });
    }

    // ------------------------------------------------------------------ marking
    /**
     * What a person at the dock did wrong is told on the screen, not in a dialog.
     *
     * @param {Function} work
     * @returns {Promise} of what the work gives, or null
     */
    async attempt(work) {
        this.state.message = "";
        try {
            return await work();
        } catch (error) {
            if (!(error instanceof RPCError) || !error.data?.message) {
                throw error;
            }
            this.state.message = error.data.message;
            return null;
        }
    }

    async mark(card) {
        if (this.state.busyId) {
            return;
        }
        this.state.busyId = card.id;
        const mark = await this.attempt(() =>
            this.orm.call(MODEL, "tap", [this.kind, card.id])
        );
        this.state.busyId = 0;
        if (mark) {
            this.showMarked(mark);
        }
        // Taken by somebody else meanwhile, or by us: the list has to know.
        await this.load();
    }

    onScanned(code) {
        if (!COMMAND.test(code)) {
            return this.scan(code);
        }
    }

    async scan(code, typed = false) {
        const result = await this.attempt(() =>
            this.orm.call(MODEL, "scan", [this.kind, code])
        );
        if (result?.marked) {
            this.state.search = "";
            this.showMarked(result.marked);
            return this.load();
        }
        if (result?.cards) {
            Object.assign(this.state, {
                cards: result.cards,
                choice: code,
                marked: false,
            });
            return;
        }
        if (typed && result) {
            await this.load();
            if (this.state.cards.length) {
                return;
            }
        }
        if (result) {
            this.state.message = result.message;
        }
        browser.navigator.vibrate?.([100, 50, 100]);
    }

    async openCamera() {
        let code = "";
        try {
            code = await scanBarcode(this.env);
        } catch (error) {
            this.notification.add(error.message, {type: "warning"});
        }
        if (code) {
            await this.scan(code);
        }
    }

    // ------------------------------------------------------------------ undoing
    showMarked(mark) {
        this.state.undo = mark;
        browser.navigator.vibrate?.(100);
        browser.clearTimeout(this.undoTimer);
        this.undoTimer = browser.setTimeout(() => {
            this.state.undo = null;
        }, UNDO_MS);
    }

    async undo() {
        const {id} = this.state.undo;
        this.state.undo = null;
        await this.attempt(() => this.orm.call(MODEL, "undo", [id]));
        await this.load();
    }

    async takeBack(card) {
        const action = await this.attempt(() =>
            this.orm.call("kpi.handover", "action_take_back", [card.mark.id])
        );
        if (action) {
            await this.action.doAction(action, {onClose: () => this.load()});
        }
    }
}

registry.category("actions").add("kpi_handover", HandoverScreen);
