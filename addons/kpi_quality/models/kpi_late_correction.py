from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.window import Window
from .kpi_engine_documents import KEY, comma

# How long after its closing a period is still compared with the documents.
WATCHED_DAYS = 92


class KpiLateCorrection(models.Model):
    """What a source document changed after its period was measured and closed.

    The closed figure stays; the difference waits here to be carried into a later
    bonus run or dismissed with a reason.
    """

    _name = "kpi.late.correction"
    _description = "KPI Late Correction"
    _inherit = ["kpi.figure.mixin"]
    _order = "period_id, date DESC, id DESC"
    _rec_name = "indicator_id"

    period_id = fields.Many2one(
        "kpi.period", required=True, readonly=True, ondelete="cascade", index=True
    )
    indicator_id = fields.Many2one(
        "kpi.indicator", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True)
    hour = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    site_id = fields.Many2one("kpi.site", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    employee_id = fields.Many2one("hr.employee", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    item_key = fields.Integer(string="Key", readonly=True, aggregator=None)
    numerator = fields.Float(string="Change", digits=0, readonly=True)
    denominator = fields.Float(string="Change of the base", digits=0, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("carried", "Carried over"), ("dismissed", "Dismissed")],
        default="open",
        required=True,
        readonly=True,
    )
    reason = fields.Char(help="Why the correction is not carried over.")
    decided_by_id = fields.Many2one("res.users", readonly=True)
    bonus_run_id = fields.Many2one(
        "kpi.bonus.run",
        string="Carried into",
        readonly=True,
        groups="kpi_quality.group_kpi_quality_payroll",
    )

    _known_idx = models.Index("(indicator_id, period_id)")

    # ---------------------------------------------------------------- CRUD
    def write(self, vals):
        """Figures and state come from documents and buttons."""
        decided = any(correction.state != "open" for correction in self)
        if not self.env.su and (vals.keys() - {"reason"} or decided):
            raise UserError(
                self.env._(
                    "Of a late correction, only the reason is typed in, and before "
                    "it is decided on."
                )
            )
        return super().write(vals)

    # ------------------------------------------------------------- actions
    def action_dismiss(self):
        """Dismiss with the reason typed on the line."""
        self.check_access("write")
        for correction in self:
            if correction.state != "open":
                raise UserError(self.env._("Only an open correction can be dismissed."))
            if not (correction.reason or "").strip():
                raise UserError(
                    self.env._(
                        "Write the reason first: who reads the list in a year should "
                        "see why the correction was dismissed."
                    )
                )
        self.sudo().write(  # the decision is open to managers, the facts are not
            {"state": "dismissed", "decided_by_id": self.env.uid}
        )

    def _reopen(self):
        self.write({"state": "open", "bonus_run_id": False, "decided_by_id": False})

    def _figure_source(self):
        return self._atom_source()

    def _get_periods(self):
        """All closed periods that hold a corrected day: the month and its quarter."""
        closed = self.env["kpi.period"].search(
            [("state", "=", "closed"), ("company_id", "in", self.company_id.ids)]
        )
        days = set(self.mapped("date"))
        return closed.filtered(
            lambda period: any(period.date_from <= d <= period.date_to for d in days)
        )

    # ----------------------------------------------------------- detection
    @api.model
    def _detect(self, indicator):
        """List what documents of closed periods say by now, beside what was frozen."""
        if indicator.source in ("manual", "formula"):
            return
        if indicator.aggregation == "snapshot":
            return  # a past stock cannot be taken again
        periods = (
            self.env["kpi.period"]
            .sudo()  # of all companies
            .search(
                [
                    ("state", "=", "closed"),
                    ("measured_indicator_ids", "in", indicator.ids),
                    (
                        "closed_at",
                        ">=",
                        self.env["kpi.engine"]._now() - timedelta(days=WATCHED_DAYS),
                    ),
                ]
            )
        )
        for period in periods:
            self._detect_in_period(indicator, period)

    @api.model
    def _detect_in_period(self, indicator, period):
        """Renew the open corrections of one closed period.

        Compared with the frozen atoms plus what was carried or dismissed before,
        so that each change shows once and one that was taken back disappears. A day
        that an earlier closed period fixed (the month of a quarter) is listed there.
        """
        engine = self.env["kpi.engine"]
        self.env.flush_all()
        key = comma(map(SQL.identifier, KEY))
        known = SQL(
            """
            SELECT
                0 AS id, %(key)s,
                SUM(numerator) AS numerator, SUM(denominator) AS denominator,
                0 AS squares, 0 AS sample
            FROM (
                SELECT %(key)s, numerator, denominator
                FROM kpi_measurement AS measured
                WHERE indicator_id = %(indicator)s
                    AND company_id = %(company)s
                    AND date BETWEEN %(date_from)s AND %(date_to)s
                    AND %(fixed_here)s
                UNION ALL
                SELECT %(key)s, numerator, denominator
                FROM kpi_late_correction
                WHERE indicator_id = %(indicator)s
                    AND period_id = %(period)s
                    AND state != 'open'
            ) AS known
            GROUP BY %(key)s
            """,
            key=key,
            indicator=indicator.id,
            company=period.company_id.id,
            period=period.id,
            date_from=period.date_from,
            date_to=period.date_to,
            fixed_here=self._fixed_here("measured", period),
        )
        engine._fill_difference(
            indicator,
            Window(period.date_from, period.date_to, period.measured_at),
            stored=known,
            condition=SQL(
                "placed.company_id = %s AND %s",
                period.company_id.id,
                self._fixed_here("placed", period),
            ),
            compare=("numerator", "denominator"),
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM kpi_late_correction
                WHERE indicator_id = %s AND period_id = %s AND state = 'open'
                """,
                indicator.id,
                period.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kpi_late_correction (
                    create_uid, create_date, write_uid, write_date,
                    period_id, indicator_id, state, %(key)s, numerator, denominator
                )
                SELECT
                    %(uid)s, %(now)s, %(uid)s, %(now)s,
                    %(period)s, %(indicator)s, 'open', %(key)s,
                    COALESCE(numerator, 0) - COALESCE(numerator_before, 0),
                    COALESCE(denominator, 0) - COALESCE(denominator_before, 0)
                FROM kpi_difference
                WHERE COALESCE(numerator, 0) != COALESCE(numerator_before, 0)
                    OR COALESCE(denominator, 0) != COALESCE(denominator_before, 0)
                """,
                key=key,
                uid=self.env.uid,
                now=engine._now(),
                period=period.id,
                indicator=indicator.id,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _fixed_here(self, alias, period):
        """SQL: no other closed period had fixed the row's day before this one."""
        return SQL(
            """
            NOT EXISTS (
                SELECT FROM kpi_period AS earlier
                WHERE earlier.state = 'closed'
                    AND earlier.company_id = %(company)s
                    AND earlier.measured_at < %(measured_at)s
                    AND %(date)s BETWEEN earlier.date_from AND earlier.date_to
            )
            """,
            company=period.company_id.id,
            measured_at=period.measured_at,
            date=SQL.identifier(alias, "date"),
        )
