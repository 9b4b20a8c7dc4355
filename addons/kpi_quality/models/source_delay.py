"""What all delays have in common: their options, and how lateness is measured."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import DELAY_BUCKETS


class KpiIndicator(models.Model):
    _inherit = "kpi.indicator"

    counts_hours = fields.Boolean(
        compute="_compute_counts_hours", export_string_translation=False
    )
    hours_kind = fields.Selection(
        [("calendar", "Calendar hours"), ("working", "Working hours")],
        string="Hours counted",
        default="calendar",
        required=True,
        help="Working hours are those of the warehouse, public holidays taken out.",
    )
    tolerance_minutes = fields.Float(
        string="Tolerance (minutes)",
        default=1.0,
        help="A shorter delay is no delay.",
    )
    long_limit_hours = fields.Float(
        string="Long delay from (hours)",
        default=72.0,
        help="Shares of long delays count what is later than this.",
    )
    critical_limit = fields.Float(
        digits=0,
        help="A figure beyond this raises an activity for the responsible; "
        "0 sets no limit.",
    )

    _tolerance_positive = models.Constraint(
        "CHECK (tolerance_minutes >= 0)", "The tolerance cannot be negative."
    )
    _long_limit_positive = models.Constraint(
        "CHECK (long_limit_hours >= 0)",
        "The limit of a long delay cannot be negative.",
    )

    @api.model
    def _get_delay_sources(self):
        """:return: sources that count hours, and can count working hours"""
        return set()

    @api.depends("source")
    def _compute_counts_hours(self):
        sources = self._get_delay_sources()
        for indicator in self:
            indicator.counts_hours = indicator.source in sources

    def _check_source(self, window):
        result = super()._check_source(window)
        if self.counts_hours and self.hours_kind == "working":
            self.env["kpi.engine"]._read_working_times(self, window)
        return result

    def _late_hours(self, elapsed):
        """SQL: hours late, 0 within the tolerance.

        :param SQL elapsed: hours from the promise on
        """
        return SQL(
            # Rounded: 20 minutes of an hour are a periodic fraction.
            "CASE WHEN ROUND(%(elapsed)s * 60, 6) >= %(tolerance)s"
            " THEN %(elapsed)s ELSE 0 END",
            elapsed=elapsed,
            tolerance=SQL("%s::numeric", self.tolerance_minutes),
        )

    def _delay_columns(self, measure, late=None):
        """The columns of a figure about delays.

        :param measure: ``lateness_hours`` (mean of the late ones), ``delay_hours``
            (mean over all due, with the bucket of each), ``late_share`` or
            ``long_late_share``
        :param SQL late: hours late of a due promise
        :return: numerator, denominator and item_key for ``_document_select``
        """
        late = late or SQL("promise.late_hours")
        is_late = SQL("(%s > 0)::int4", late)
        if measure == "lateness_hours":
            return {"numerator": late, "denominator": is_late}
        if measure == "late_share":
            return {"numerator": is_late, "denominator": SQL("1")}
        if measure == "long_late_share":
            limit = SQL("%s::numeric", self.long_limit_hours)
            is_long = SQL("(%s > %s)::int4", late, limit)
            return {"numerator": is_long, "denominator": SQL("1")}
        bucket = SQL(" + ").join(
            SQL("(%s > %s)::int4", late, limit) for limit in DELAY_BUCKETS
        )
        return {"numerator": late, "denominator": SQL("1"), "item_key": bucket}

    # ------------------------------------------------------- promises of order lines
    @api.model
    def _promised_lines(self, table, condition, now):
        """SQL: promised lines of orders, and how much of each is needed.

        What was withdrawn before the promise is needed no more; what was withdrawn
        later was awaited until then, unless it had come.

        :param table: of a model with ``kpi.promise.mixin``
        :param SQL condition: on ``line``
        :return: SELECT of id, order_id, promised_at, confirmed_at, promised,
            needed, withdrawn_at
        """
        return SQL(
            """
            SELECT *
            FROM (
                SELECT
                    line.id,
                    line.order_id,
                    line.kpi_promised_at AS promised_at,
                    line.kpi_confirmed_at AS confirmed_at,
                    line.kpi_promised_qty AS promised,
                    line.kpi_promised_qty - CASE
                        WHEN %(is_withdrawn)s THEN line.kpi_withdrawn_qty
                        ELSE 0
                    END AS needed,
                    CASE WHEN %(is_withdrawn)s THEN line.kpi_withdrawn_at END
                        AS withdrawn_at
                FROM %(table)s AS line
                WHERE line.kpi_promised_qty > 0
                    AND %(condition)s
            ) AS line
            WHERE needed > 0
                OR withdrawn_at > promised_at
            """,
            is_withdrawn=SQL(
                "line.kpi_withdrawn_qty > 0 AND line.kpi_withdrawn_at <= %s", now
            ),
            table=SQL.identifier(table),
            condition=condition,
        )

    @api.model
    def _due_lines(self, window):
        """SQL: the lines whose promise is over, and falls into the window."""
        return SQL(
            """
            line.kpi_promised_at >= %(utc_from)s
            AND line.kpi_promised_at < %(utc_to)s
            AND line.kpi_promised_at <= %(now)s
            """,
            utc_from=window.utc_from,
            utc_to=window.utc_to,
            now=window.now,
        )

    @api.model
    def _reached_at(self, moment, quantity):
        """SQL: aggregate over ``part``: when so much had come, NULL while it has not.

        :param SQL moment: of a part, NULL while it has not come
        :param SQL quantity: that had come by then
        :return: two of them: of what is needed, and of all that was promised
        """
        return [
            SQL(
                "MIN(%s) FILTER (WHERE %s >= part.%s * 0.999999)",
                moment,
                quantity,
                SQL.identifier(wanted),
            )
            for wanted in ("needed", "promised")
        ]

    @api.model
    def _met_at(self, needed, promised, now):
        """SQL: when a promised line was met, or given up, at the latest now.

        :param SQL needed: when the last needed part came, NULL while it has not
        :param SQL promised: when all that was promised had come: what is withdrawn
            after that was awaited no more
        """
        return SQL(
            """
            LEAST(
                %(promised)s,
                GREATEST(
                    CASE
                        WHEN line.needed > 0 THEN COALESCE(%(needed)s, %(now)s)
                        ELSE line.withdrawn_at
                    END,
                    line.withdrawn_at
                ),
                %(now)s
            )
            """,
            needed=needed,
            promised=promised,
            now=now,
        )
