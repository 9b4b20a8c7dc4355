"""From scorecards, schemes and wages to bonus lines: set-based."""

from psycopg2.errors import UniqueViolation
from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from ..tools.curve import Curve, bonus_percent
from ..tools.money import round_money


class KpiBonusRunLine(models.Model):
    _inherit = "kpi.bonus.run.line"

    def _curve(self):
        """The curve as it was when the line was computed."""
        self.ensure_one()
        stored = (self.details or {}).get("curve")
        if not stored:
            return None
        return Curve(
            stored["kind"],
            stored["gate"],
            stored["cap"],
            tuple(tuple(point) for point in stored["points"]),
            stored["exponent"],
        )

    def _amount_for(self, coefficient):
        """The bonus that another coefficient would have given, before the fund."""
        self.ensure_one()
        percent = bonus_percent(coefficient, self._curve())
        return self.premium * self.proration * self.share * percent / 100

    @api.model
    def _compute_run(self, run):
        """Replace the computed lines of a run; the number of statements is constant."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM kpi_bonus_run_line WHERE run_id = %s AND kind = 'bonus'",
                run.id,
            )
        )
        rows = [
            self._compute_row(card, scheme, wage)
            for card, scheme, wage in self._payable(run)
        ]
        if rows:
            self._insert_rows(run, rows)
        self.invalidate_model(flush=False)
        run.invalidate_recordset(flush=False)

    @api.model
    def _payable(self, run):
        """The scorecards to pay, each with its schemes and the wage in force.

        :return: list of (scorecard, scheme, wage or None), in a fixed order
        """
        schemes = run._schemes()
        domain = [
            ("period_id", "=", run.period_id.id),
            ("matrix_id", "in", schemes.matrix_ids.ids),
        ]
        if run.department_ids:
            domain.append(("department_id", "child_of", run.department_ids.ids))
        cards = self.env["kpi.scorecard"].search(domain, order="employee_id, id")
        paid = {
            (card.id, scheme.id)
            for card, scheme in self._read_group(
                [("kind", "=", "bonus"), ("scorecard_id", "in", cards.ids)],
                ["scorecard_id", "scheme_id"],
            )
        }
        wages = self._wages(cards)
        return [
            (card, scheme, wages.get(card.id))
            for card in cards
            for scheme in schemes
            if card.matrix_id in scheme.matrix_ids and (card.id, scheme.id) not in paid
        ]

    @api.model
    def _wages(self, cards):
        """The wage in force on the last day of each position.

        :return: ``{scorecard id: wage}``
        """
        if not cards:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (card.id) card.id, version.wage
                FROM kpi_scorecard AS card
                JOIN hr_version AS version
                    ON version.employee_id = card.employee_id
                    AND version.active
                WHERE card.id = ANY(%s)
                ORDER BY
                    card.id,
                    version.date_version > card.date_to,
                    CASE
                        WHEN version.date_version <= card.date_to
                        THEN card.date_to - version.date_version
                        ELSE version.date_version - card.date_to
                    END
                """,
                cards.ids,
            )
        )
        return {card_id: float(wage) for card_id, wage in rows if wage}

    @api.model
    def _compute_row(self, card, scheme, wage):
        """One line, as values by column."""
        curve = scheme._curve()
        by_wage = scheme.premium_kind == "wage"
        problem = None
        if card.state not in ("measured", "closed"):
            problem = "not_measured"
        elif card.is_blocked:
            problem = "blocked"
        elif not card.has_coefficient:
            problem = "no_coefficient"
        elif by_wage and not wage:
            problem = "no_wage"
        premium = scheme.premium_amount
        if by_wage:
            premium = (wage or 0.0) * scheme.premium_percent / 100
        percent = 0.0 if problem else bonus_percent(card.coefficient, curve)
        return {
            "employee_id": card.employee_id.id,
            "department_id": card.department_id.id or None,
            "job_id": card.job_id.id or None,
            "scorecard_id": card.id,
            "scheme_id": scheme.id,
            "coefficient": card.coefficient,
            "has_coefficient": card.has_coefficient,
            "premium": premium,
            "proration": card.proration,
            "share": card.share,
            "percent": percent,
            "amount_before_fund": premium * card.proration * card.share * percent / 100,
            "problem": problem,
            "details": {
                "curve": curve._asdict(),
                "premium_kind": scheme.premium_kind,
                "premium_percent": scheme.premium_percent,
                "wage": wage or 0.0,
            },
        }

    COLUMN_TYPES = {
        "employee_id": "int4",
        "department_id": "int4",
        "job_id": "int4",
        "scorecard_id": "int4",
        "scheme_id": "int4",
        "adjusted_line_id": "int4",
        "coefficient": "numeric",
        "has_coefficient": "bool",
        "premium": "numeric",
        "proration": "numeric",
        "share": "numeric",
        "percent": "numeric",
        "amount_before_fund": "numeric",
        "amount": "numeric",
        "problem": "varchar",
        "reason": "varchar",
        "details": "jsonb",
    }

    @api.model
    def _insert_rows(self, run, rows, kind="bonus"):
        """Insert many lines in one statement.

        :param rows: dicts with the same keys, of :data:`COLUMN_TYPES`
        :raise UserError: another run got ahead with one of them
        """
        try:
            with self.env.cr.savepoint(flush=False), mute_logger("odoo.sql_db"):
                self.env.cr.execute(self._insert_query(run, rows, kind))
        except UniqueViolation as error:
            raise UserError(self._sql_error_to_message(error)) from error

    @api.model
    def _insert_query(self, run, rows, kind):
        names = list(rows[0])
        columns = [
            [Json(row[name]) if name == "details" else row[name] for row in rows]
            for name in names
        ]
        return SQL(
            """
            INSERT INTO kpi_bonus_run_line (
                create_uid, create_date, write_uid, write_date,
                run_id, company_id, period_id, kind, fund_factor, %(names)s
            )
            SELECT
                %(uid)s, %(now)s, %(uid)s, %(now)s,
                %(run)s, %(company)s, %(period)s, %(kind)s, 1, %(names)s
            FROM unnest(%(columns)s) AS line(%(names)s)
            """,
            names=SQL(", ").join(map(SQL.identifier, names)),
            columns=SQL(", ").join(
                SQL("%s::%s[]", column, SQL(self.COLUMN_TYPES[name]))
                for name, column in zip(names, columns, strict=True)
            ),
            uid=self.env.uid,
            now=fields.Datetime.now(),
            run=run.id,
            company=run.company_id.id,
            period=run.period_id.id,
            kind=kind,
        )

    def _write_amounts(self, amounts, factor):
        """Round once, at the end, and store what is paid."""
        if not self:
            return
        decimals = self.currency_id.decimal_places
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_bonus_run_line AS line
                SET amount = paid.amount,
                    fund_factor = %(factor)s
                FROM unnest(%(ids)s::int4[], %(amounts)s::numeric[])
                    AS paid(id, amount)
                WHERE line.id = paid.id
                """,
                factor=factor,
                ids=self.ids,
                amounts=[round_money(amount, decimals) for amount in amounts],
            )
        )
        self.invalidate_model(["amount", "fund_factor"], flush=False)
