from odoo import api, fields, models
from odoo.tools.misc import format_date, get_lang

from .bonus_csv import write_csv
from .bonus_data import Bonus, Card, CardLine, Labels, Line, Person, Run, Step
from .bonus_workbook import write_workbook


class KpiBonusRunExport(models.AbstractModel):
    """A bonus run as a file, in the language of the user.

    The number of statements does not depend on the number of employees.
    """

    _name = "kpi.bonus.run.export"
    _description = "KPI Bonus Run Export"

    @api.model
    def _to_xlsx(self, run):
        """:rtype: bytes"""
        return write_workbook(self._collect(run), self._labels())

    @api.model
    def _to_csv(self, run):
        """:rtype: bytes"""
        return write_csv(
            self._collect(run), self._labels(), get_lang(self.env).decimal_point
        )

    # --------------------------------------------------------------- collect
    @api.model
    def _collect(self, run):
        """Gather what the files show.

        :rtype: Run
        """
        run = run.with_env(self.env)
        run.check_access("read")
        run = run.sudo()  # names of people, jobs and departments
        period = run.period_id
        return Run(
            name=run.name,
            company=run.company_id.name,
            currency=run.currency_id.name,
            money=self._money_format(run.currency_id),
            decimals=run.currency_id.decimal_places,
            period=period.name,
            date_from=period.date_from,
            date_to=period.date_to,
            state=self._word(run, "state"),
            steps=self._collect_steps(run),
            fund=run.fund if run.has_fund else None,
            fund_factor=run.fund_factor,
            empty_reason=run.empty_reason or "",
            people=self._collect_people(run),
        )

    @api.model
    def _collect_steps(self, run):
        steps = (
            (self.env._("Computed"), "computed"),
            (self.env._("Submitted"), "submitted"),
            (self.env._("Approved"), "approved"),
            (self.env._("Paid"), "paid"),
        )
        return tuple(
            Step(
                label,
                run[f"{name}_by_id"].name or "",
                self._local(run[f"{name}_at"]),
            )
            for label, name in steps
        )

    @api.model
    def _collect_people(self, run):
        """Everybody in the order of the run; what a scheme computed comes first."""
        return tuple(
            Person(
                employee.id,
                employee.name,
                tuple(
                    self._collect_line(line)
                    for line in lines.sorted(lambda line: line.kind != "bonus")
                ),
            )
            for employee, lines in run.line_ids.grouped("employee_id").items()
        )

    @api.model
    def _collect_line(self, line):
        return Line(
            key=line.id,
            kind=line.kind,
            department=line.department_id.name or "",
            position=line.job_id.name or "",
            before_fund=line.amount_before_fund,
            fund_factor=line.fund_factor,
            amount=line.amount,
            note=self._note(line),
            bonus=self._collect_bonus(line) if line.kind == "bonus" else None,
        )

    @api.model
    def _note(self, line):
        if line.kind != "bonus":
            return line.explanation or ""
        return "" if line.percent else " ".join(line._explain_percent())

    @api.model
    def _collect_bonus(self, line):
        details = line.details
        by_wage = details["premium_kind"] == "wage"
        card = line.scorecard_id
        return Bonus(
            scheme=line.scheme_id.name,
            card=self._collect_card(card),
            curve=line._curve(),
            coefficient=line.coefficient if line.has_coefficient else None,
            wage=details["wage"] if by_wage else None,
            wage_percent=details["premium_percent"],
            premium=line.premium,
            proration=line.proration,
            days=" – ".join(
                format_date(self.env, day) for day in (card.date_from, card.date_to)
            ),
            share=line.share,
            percent=line.percent,
            problem=self._word(line, "problem"),
        )

    @api.model
    def _collect_card(self, card):
        return Card(
            title=card.matrix_id.name,
            anchors=(card.score_at_base, card.score_at_plan, card.score_at_challenge),
            coefficient=card.coefficient if card.has_coefficient else None,
            lines=tuple(self._collect_card_line(line) for line in card.line_ids),
        )

    @api.model
    def _collect_card_line(self, line):
        indicator = line.indicator_id.name
        if line.scope != "personal":
            indicator = f"{indicator} ({self._word(line, 'scope').lower()})"
        return CardLine(
            key=line.id,
            indicator=indicator,
            unit=self._word(line, "unit"),
            decimals=line.decimals,
            weight=line.weight,
            thresholds=line._thresholds(),
            method=line.method,
            fact=line.fact if line.has_fact else None,
            no_data=self._word(line, "no_data_reason"),
            missing=line.missing,
            heir=line.heir_id.id or None,
            score=line.score,
            weight_in_force=line.effective_weight,
            contribution=line.contribution,
        )

    # ----------------------------------------------------------------- words
    @api.model
    def _word(self, record, name):
        """A selection's value in the user's language; empty without one."""
        return dict(record._fields[name]._description_selection(self.env)).get(
            record[name], ""
        )

    @api.model
    def _local(self, moment):
        """A stored moment on the user's clock, as spreadsheets know no time zones."""
        if not moment:
            return None
        local = fields.Datetime.context_timestamp(self, moment)
        return local.replace(tzinfo=None)

    @api.model
    def _money_format(self, currency):
        """The currency as a number format of Excel, e.g. ``#,##0.00\\ "€"``."""
        places = "." + "0" * currency.decimal_places if currency.decimal_places else ""
        symbol = '"' + (currency.symbol or currency.name).replace('"', "") + '"'
        if currency.position == "before":
            return f"{symbol}#,##0{places}"
        return f"#,##0{places}\\ {symbol}"

    @api.model
    def _labels(self):
        """:rtype: Labels"""
        kinds = self.env["kpi.bonus.run.line"]._fields["kind"]
        return Labels(
            kinds=dict(kinds._description_selection(self.env)),
            summary=self.env._("Summary"),
            overview=self.env._("By employee"),
            back=self.env._("← Back to the summary"),
            company=self.env._("Company"),
            period=self.env._("Period"),
            state=self.env._("State"),
            number=self.env._("No."),
            employee=self.env._("Employee"),
            department=self.env._("Department"),
            position=self.env._("Position"),
            kind=self.env._("Kind"),
            scheme=self.env._("Scheme"),
            coefficient=self.env._("Performance coefficient, %"),
            premium=self.env._("Target premium"),
            proration=self.env._("Share of the period"),
            share=self.env._("Share of the function"),
            percent=self.env._("Bonus, % of the target premium"),
            before_fund=self.env._("Amount before the fund"),
            fund_factor=self.env._("Fund factor"),
            amount=self.env._("Amount"),
            note=self.env._("Note"),
            total=self.env._("Total"),
            on_sheets=self.env._("Total of the employees' sheets"),
            in_summary=self.env._("In the summary"),
            on_sheet=self.env._("On the employee's sheet"),
            difference=self.env._("Difference"),
            bonuses_before_fund=self.env._("Bonuses before the fund"),
            bonuses=self.env._("Bonuses after the fund"),
            fund=self.env._("Bonus fund"),
            no_fund=self.env._("no limit"),
            ok=self.env._("OK"),
            wrong=self.env._(
                "The sheets differ from the summary: see the sheet “By employee”"
            ),
            over_fund=self.env._("The bonuses exceed the fund"),
            indicator=self.env._("Indicator"),
            unit=self.env._("Unit"),
            weight=self.env._("Weight"),
            base=self.env._("Base"),
            plan=self.env._("Plan"),
            challenge=self.env._("Challenge"),
            fact=self.env._("Fact"),
            score=self.env._("Score, %"),
            weight_counted=self.env._("Weight with what it inherits"),
            weight_in_force=self.env._("Weight in force"),
            contribution=self.env._("Contribution, %"),
            no_data=self.env._("no data"),
            counts_as_zero=self.env._("Counts as zero."),
            heir=self.env._("Takes over the weight of"),
            score_at=self.env._("Score at the threshold, %"),
            card_changed=self.env._(
                "The scorecard changed after the run was computed. The bonus is that "
                "of the coefficient in the run:"
            ),
            run_coefficient=self.env._("Coefficient in the run, %"),
            curve_coefficient=self.env._("Coefficient, %"),
            curve_percent=self.env._("Bonus, %"),
            exponent=self.env._("Exponent: 100 × (coefficient / 100)^exponent"),
            gate=self.env._("Gate, %: paid only above it"),
            cap=self.env._("Cap, %"),
            segment=self.env._("Segment of the curve"),
            wage=self.env._("Wage"),
            wage_percent=self.env._("Target premium, % of the wage"),
            moved_unit=self.env._("Rounding, so that the sum meets the fund"),
            other_items=self.env._("Adjustments, one-off items and deductions"),
            line_id=self.env._("Line ID"),
            employee_id=self.env._("Employee ID"),
            date_from=self.env._("From"),
            date_to=self.env._("To"),
            currency=self.env._("Currency"),
        )
