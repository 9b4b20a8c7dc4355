from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .kpi_improvement_comparison import PLACES

DRAWN = 5


class KpiImprovement(models.Model):
    """A review: some documents behind the figure are drawn by chance and read."""

    _inherit = "kpi.improvement"

    document_ids = fields.One2many(
        "kpi.improvement.document", "improvement_id", string="Documents to read"
    )
    document_count = fields.Integer(compute="_compute_document_count")
    read_count = fields.Integer(compute="_compute_document_count")
    problem_count = fields.Integer(
        string="Problems found", compute="_compute_document_count"
    )
    read_progress = fields.Char(string="Progress", compute="_compute_read_progress")

    @api.depends("document_ids.verdict")
    def _compute_document_count(self):
        for action in self:
            verdicts = action.document_ids.mapped("verdict")
            action.document_count = len(verdicts)
            action.read_count = sum(1 for verdict in verdicts if verdict)
            action.problem_count = verdicts.count("problem")

    @api.depends("document_count", "read_count")
    @api.depends_context("lang")
    def _compute_read_progress(self):
        for action in self:
            action.read_progress = False
            if action.document_count:
                action.read_progress = self.env._(
                    "%(read)s of %(all)s read",
                    read=action.read_count,
                    all=action.document_count,
                )

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        for action in actions.filtered(lambda action: action.kind == "review"):
            action._draw_documents()
        return actions

    def action_draw(self):
        """Draw the documents of a review that has none yet."""
        for action in self:
            if action.document_ids:
                raise UserError(
                    self.env._(
                        "“%(action)s” has its documents already: they are not drawn "
                        "again until they suit.",
                        action=action.name,
                    )
                )
            action._check_may_plan()
            action._draw_documents()

    def _draw_documents(self):
        """By chance, but always the same ones for the same action.

        Only of the figures that the user may read: the documents of a figure are
        those of ``kpi.figure.selection``.
        """
        self.ensure_one()
        selection = self.env["kpi.figure.selection"].create(
            {
                "indicator_ids": self.indicator_id._formula_parts().ids,
                "company_id": self.company_id.id,
                "date_from": self.origin_date_from,
                "date_to": self.origin_date_to,
                **{
                    name: self[name].id
                    for name in (*PLACES, "department_id")
                    if self[name]
                },
            }
        )
        documents = self.env["kpi.document"].with_context(
            kpi_figure_model=selection._name, kpi_figure_id=selection.id
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_model, res_id
                FROM (%(documents)s) AS document
                WHERE numerator != 0 OR denominator != 0
                GROUP BY res_model, res_id
                ORDER BY md5(concat_ws(' ', %(seed)s::int4, res_model, res_id))
                LIMIT %(drawn)s
                """,
                documents=documents._table_query,
                seed=self.id,
                drawn=DRAWN,
            )
        )
        # sudo: the name only, as in the list of documents
        lines = self.env["kpi.improvement.document"].sudo()
        lines.create(
            [
                {
                    "improvement_id": self.id,
                    "res_model": model,
                    "res_id": res_id,
                    "reference": self.env[model].sudo().browse(res_id).display_name,
                }
                for model, res_id in rows
            ]
        )
