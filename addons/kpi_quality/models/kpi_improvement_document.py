from odoo import fields, models
from odoo.exceptions import UserError

from ..const import REVIEW_VERDICTS


class KpiImprovementDocument(models.Model):
    """One document that was drawn for a review, and what its reader found."""

    _name = "kpi.improvement.document"
    _description = "Document to Review"
    _order = "improvement_id, id"
    _rec_name = "reference"

    improvement_id = fields.Many2one(
        "kpi.improvement", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="improvement_id.company_id", store=True)
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, readonly=True
    )
    reference = fields.Char(string="Document", readonly=True)
    verdict = fields.Selection(REVIEW_VERDICTS, string="Found")
    note = fields.Char(help="What was seen, e.g. “goods were not at their place”.")

    _document_unique = models.Constraint(
        "UNIQUE (improvement_id, res_model, res_id)",
        "This document is on the list already.",
    )

    def action_open(self):
        """Open the document, with the user's own rights on it."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("This document does not exist any more."))
        if not record.has_access("read"):
            raise UserError(
                self.env._(
                    "Opening %(document)s needs further rights. "
                    "Ask the administrator for them.",
                    document=self.reference,
                )
            )
        return record.get_formview_action()
