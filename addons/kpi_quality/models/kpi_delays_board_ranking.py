from odoo import api, models

from ..tools.outliers import MIN_CASES, Member, find_outliers

# [ours] Half an hour of mean delay more or less is no matter.
APART_HOURS = 0.5
PLACE_MODELS = {
    "employee_id": "hr.employee",
    "partner_id": "res.partner",
    "warehouse_id": "stock.warehouse",
    "site_id": "kpi.site",
}


class KpiDelaysBoard(models.AbstractModel):
    _inherit = "kpi.delays.board"

    @api.model
    def _rank(self, process, figures, indicators):
        """Rank what the delays are by, the worst first, and mark who stands out.

        :return: a list, by dimension, of rows with figures and marks; a mark has a
            ``level`` (``danger``, ``warning``, ``info``, ``success``), a short
            ``label`` and a ``text`` that explains it
        """
        rankings = []
        for place in process.places:
            sums = figures.places.get(place, {})
            marks = self._marks(process, place, sums, indicators)
            names = self._place_names(place, sums)
            rows = [
                {
                    "id": key or False,
                    "name": names[key],
                    "marks": marks.get(key, []),
                    **self._describe(row),
                }
                for key, row in sums.items()
                if row.due
            ]
            rows.sort(key=lambda row: (-row["mean_delay"], -row["due"], row["name"]))
            rankings.append({"place": place, "rows": rows, "enough": MIN_CASES})
        return rankings

    @api.model
    def _place_names(self, place, keys):
        ids = set(keys) - {None}
        records = self.env[PLACE_MODELS[place]].sudo().browse(ids)  # the names only
        unknown = {
            "employee_id": self.env._("Nobody known"),
            "partner_id": self.env._("No vendor"),
            "warehouse_id": self.env._("No warehouse"),
            "site_id": self.env._("No site"),
        }[place]
        names = {record.id: record.display_name for record in records.exists()}
        return {key: names.get(key, unknown) for key in keys}

    @api.model
    def _marks(self, process, place, sums, indicators):
        # A vendor answers for what came late, not for what lies at our dock.
        by_part = bool(process.own) and place == "partner_id"
        members = {
            key: Member((row.supplier if by_part else row.hours) / row.due, row.due)
            for key, row in sums.items()
            if row.due and key
        }
        main = indicators.get(process.delay)
        apart = max(APART_HOURS, main.tolerance_minutes / 60 if main else 0.0)
        found = find_outliers(members, apart)
        marks = {}
        for key, member in members.items():
            if member.cases < MIN_CASES:
                continue
            marks[key] = [
                *(
                    ()
                    if by_part
                    else self._critical_marks(process, sums[key], indicators)
                ),
                *(
                    self._outlier_mark(reason, member, found)
                    for reason in found.marks.get(key, ())
                ),
            ]
        return marks

    @api.model
    def _critical_marks(self, process, row, indicators):
        marks = []
        for code, value in (
            (process.delay, row.mean_delay),
            (process.lateness, row.mean_lateness),
            (process.late_share, row.late_share),
        ):
            indicator = indicators.get(code)
            if not indicator or not indicator.critical_limit or value is None:
                continue
            rising = indicator.direction == "rising"
            limit = indicator.critical_limit
            if value < limit if rising else value > limit:
                marks.append(
                    {
                        "level": "danger",
                        "label": self.env._("critical"),
                        "text": self.env._(
                            "%(value)s: beyond the critical limit %(limit)s of "
                            "“%(indicator)s”.",
                            value=self._in_unit(value, indicator.unit),
                            limit=self._in_unit(limit, indicator.unit),
                            indicator=indicator.name,
                        ),
                    }
                )
        return marks

    @api.model
    def _in_unit(self, value, unit):
        number = self._hours(value)
        if unit == "percent":
            return f"{number} %"
        return self.env._("%(hours)s h", hours=number)

    @api.model
    def _outlier_mark(self, reason, member, found):
        value = self._hours(member.value)
        if reason == "above":
            return {
                "level": "warning",
                "label": self.env._("unlike the others"),
                "text": self.env._(
                    "%(value)s h on average; the others stay below %(fence)s h.",
                    value=value,
                    fence=self._hours(found.fences.high),
                ),
            }
        if reason == "below":
            return {
                "level": "success",
                "label": self.env._("better than the others"),
                "text": self.env._(
                    "%(value)s h on average; the others start at %(fence)s h. See how "
                    "it is done here.",
                    value=value,
                    fence=self._hours(found.fences.low),
                ),
            }
        return {
            "level": "info",
            "label": self.env._("far from the best"),
            "text": self.env._(
                "%(value)s h on average; the best needs %(best)s h.",
                value=value,
                best=self._hours(found.best),
            ),
        }
