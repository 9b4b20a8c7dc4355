from odoo import api, models


class KpiIngestion(models.AbstractModel):
    _inherit = "kpi.ingestion"

    @api.model
    def _meanings(self, consoles):
        """A link is good for the buttons of its page only.

        Else whoever has the link of a door counter could call the manager.
        """
        meanings = super()._meanings(consoles)
        for console in consoles:
            if console.kind == "web" and console.identifier in meanings:
                meanings[console.identifier] = {
                    button: (console.point_id, button)
                    for button in console._web_allowed()
                }
        return meanings
