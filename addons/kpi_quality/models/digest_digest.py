from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import formatLang

# The checkbox of a digest is "kpi_" and the code of the indicator.
FIGURES = {
    f"kpi_{code}": code
    for code in (
        "pick_late_share",
        "pick_delay_hours",
        "inbound_delay_hours",
        "inbound_delay_receiving",
        "delivery_late_share",
    )
}
BOARD = "kpi_quality.kpi_delays_board_action"


class DigestDigest(models.Model):
    """The figures of the delays board by e-mail, as far as the reader may see them.

    Odoo prints a missing value as 0.00, and a rise in green: here a figure without
    data is left out, hours and percent are written as such, and the figure of the
    days before stands beside instead of a coloured arrow.
    """

    _inherit = "digest.digest"

    kpi_pick_late_share = fields.Boolean("Late picks")
    kpi_pick_late_share_value = fields.Float(compute="_compute_kpi_delay_values")
    kpi_pick_delay_hours = fields.Boolean("Mean delay of picks")
    kpi_pick_delay_hours_value = fields.Float(compute="_compute_kpi_delay_values")
    kpi_inbound_delay_hours = fields.Boolean("Mean inbound delay")
    kpi_inbound_delay_hours_value = fields.Float(compute="_compute_kpi_delay_values")
    kpi_inbound_delay_receiving = fields.Boolean("Inbound delay in our receiving")
    kpi_inbound_delay_receiving_value = fields.Float(
        compute="_compute_kpi_delay_values"
    )
    kpi_delivery_late_share = fields.Boolean("Late deliveries")
    kpi_delivery_late_share_value = fields.Float(compute="_compute_kpi_delay_values")

    def _compute_kpi_delay_values(self):
        """For whoever reads the plain fields; the e-mail writes its own text."""
        start = self.env.context.get("start_datetime")
        end = self.env.context.get("end_datetime")
        for digest in self:
            company = digest.company_id or self.env.company
            figures = {}
            if start and end:
                [figures] = digest._read_delay_figures(company, [(start, end)])
            for name, code in FIGURES.items():
                digest[f"{name}_value"] = figures.get(code, 0.0)

    def _get_kpi_fields(self):
        names = super()._get_kpi_fields()
        if self.env.context.get("kpi_delays_apart"):
            return [name for name in names if name not in FIGURES]
        return names

    def _compute_kpis(self, company, user):
        apart = self.with_context(kpi_delays_apart=True)
        kpis = super(DigestDigest, apart)._compute_kpis(company, user)
        return kpis + self._delay_kpis(company, user)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        return actions | dict.fromkeys(FIGURES, BOARD)

    # ---------------------------------------------------------------- figures
    def _delay_kpis(self, company, user):
        """:return: as ``_compute_kpis``, without what has no data"""
        self.ensure_one()
        wanted = {name: code for name, code in FIGURES.items() if self[name]}
        if not wanted:
            return []
        frames = self._compute_timeframes(company)
        reader = self.with_user(user).with_company(company)
        try:
            figures = reader._read_delay_figures(
                company, [stretch for _title, pair in frames for stretch in pair]
            )
        except AccessError:  # figures are not for this reader: leave them out
            return []
        indicators = reader._delay_indicators(wanted.values())
        actions = self._compute_kpis_actions(company, user)
        kpis = []
        for name, code in wanted.items():
            columns = {
                f"kpi_col{number + 1}": self._delay_column(
                    title,
                    indicators.get(code),
                    *(values.get(code) for values in figures[2 * number :][:2]),
                )
                for number, (title, _pair) in enumerate(frames)
            }
            if any(columns.values()):
                kpis.append(
                    {
                        "kpi_name": name,
                        "kpi_fullname": self.env["ir.model.fields"]
                        ._get(self._name, name)
                        .field_description,
                        "kpi_action": actions.get(name),
                        **columns,
                    }
                )
        return kpis

    def _delay_column(self, title, indicator, value, previous):
        """:return: value and subtitle, or nothing when there is no data"""
        if value is None:
            return {}
        if previous is not None:
            title = self.env._(
                "%(days)s (before: %(figure)s)",
                days=title,
                figure=self._delay_text(indicator, previous),
            )
        return {"value": self._delay_text(indicator, value), "col_subtitle": title}

    def _delay_text(self, indicator, value):
        figure = formatLang(self.env, value, digits=1)
        if indicator.unit == "percent":
            return self.env._("%(figure)s %%", figure=figure)
        return self.env._("%(figure)s h", figure=figure)

    @api.model
    def _delay_indicators(self, codes):
        """:return: ``{code: indicator}``"""
        indicators = self.env["kpi.indicator"].search([("code", "in", list(codes))])
        return indicators.grouped("code")

    @api.model
    def _read_delay_figures(self, company, stretches):
        """The figures of stretches of days that are over, in one grouped statement.

        :param stretches: ``(first moment, moment after the last)``, as digests count
        :return: for each stretch ``{code: value}``, without what has no data
        """
        days = [
            (start.date(), end.date() - timedelta(days=1)) for start, end in stretches
        ]
        rows = self.env["kpi.measurement"]._read_group(
            [
                ("indicator_id.code", "in", list(FIGURES.values())),
                ("company_id", "=", company.id),
                ("date", ">=", min(first for first, _last in days)),
                ("date", "<=", max(last for _first, last in days)),
            ],
            ["indicator_id", "date:day"],
            ["numerator:sum", "denominator:sum"],
        )
        figures = []
        for first, last in days:
            sums = {}
            for indicator, day, numerator, denominator in rows:
                if first <= day <= last:
                    total, count = sums.get(indicator, (0.0, 0.0))
                    sums[indicator] = total + numerator, count + denominator
            figures.append(
                {
                    indicator.code: total / count * indicator._scale
                    for indicator, (total, count) in sums.items()
                    if count
                }
            )
        return figures
