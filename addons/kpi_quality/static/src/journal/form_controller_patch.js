import {FormController} from "@web/views/form/form_controller";
import {patch} from "@web/core/utils/patch";
import {useVisit} from "./visit_hook";

const JOURNAL_MODELS = new Set(["sale.order", "purchase.order", "stock.picking"]);

patch(FormController.prototype, {
    setup() {
        super.setup(...arguments);
        // In a dialog the record behind it stays open, and goes on counting.
        if (JOURNAL_MODELS.has(this.props.resModel) && !this.env.inDialog) {
            useVisit(() => ({model: this.props.resModel, id: this.model.root.resId}));
        }
    },
});
