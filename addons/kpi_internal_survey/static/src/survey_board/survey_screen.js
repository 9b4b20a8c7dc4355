import {Board} from "@kpi_quality/board/board";
import {_t} from "@web/core/l10n/translation";

/** What the two screens of the survey have in common: what they open. */
export class SurveyScreen extends Board {
    setup() {
        super.setup();
        for (const name of ["chooseCampaign", "openComments", "planAction"]) {
            this[name] = this[name].bind(this);
        }
    }

    get campaign() {
        return this.store.board.campaign;
    }

    chooseCampaign(id) {
        return this.changeFilters({campaign_id: Number(id) || false});
    }

    /** The comments about a unit, in a list. */
    openComments({id, name}) {
        this.openList(_t("Comments: %s", name), "kpi.survey.comment", [
            ["campaign_id", "=", this.campaign.id],
            ["unit_id", "=", id],
        ]);
    }

    openList(name, model, domain, views = [[false, "list"]]) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: name.toString(),
            res_model: model,
            views,
            domain,
        });
    }

    async planAction({id}) {
        const {orm, constructor} = this.store;
        this.action.doAction(
            await orm.call(constructor.model, "action_improve", [this.campaign.id, id])
        );
    }
}
