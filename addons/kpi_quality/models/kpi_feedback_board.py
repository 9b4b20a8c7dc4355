from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.stretch import Stretch

# Means over polls or visits, so that an interval can be given.
INDEXES = (
    "dissatisfaction_staff",
    "dissatisfaction_office",
    "emotional_loyalty",
    "dissatisfaction_department",
)
EXACT = ("sale_conversion", "visitor_coverage", "share_asked", "force_majeure_share")
# Their documents are polls, so they are known of a single point, too.
POLL_SOURCES = (*INDEXES[:3], "force_majeure_share")
ROLES = ("lead", "expert", "manager")
PLACES = ("site_id", "department_id", "point_id", "employee_id")
# What an improvement action knows of the place looked at.
ACTION_PLACES = ("site_id", "department_id", "employee_id")


class FeedbackFilters(NamedTuple):
    """What the user looks at, once checked."""

    period: str
    stretch: Stretch
    site_id: int | None
    department_id: int | None
    point_id: int | None
    employee_id: int | None
    department_ids: tuple = ()  # the chosen one and those below it


class KpiFeedbackBoard(models.AbstractModel):
    """What customers say, how sure that is, and what to do about it.

    Figures are read from ``kpi.measurement`` under its record rules (``_figures``), so
    they are those of the scorecards; what atoms do not know, the point and the answer,
    from the very documents behind them (``_points``). Words: ``_diagnosis``.
    """

    _name = "kpi.feedback.board"
    _description = "Feedback Board"
    _inherit = ["kpi.board.mixin"]

    # ------------------------------------------------------------------ calls
    @api.model
    @api.readonly
    def get_board(self, filters):
        """Everything the screen shows.

        :param dict filters: ``period`` (of ``PERIODS``), ``date_from`` and ``date_to``
            (for ``custom``), ``site_id``, ``department_id``, ``point_id``,
            ``employee_id``; what is missing or does not fit is replaced
        :return: the filters as they were applied, and figures; percent as plain
            numbers, ``None`` for "no data"
        :rtype: dict
        """
        self._check_role()
        self.env.flush_all()  # what was pressed or judged just now counts
        filters = self._clean_filters(filters)
        indicators = self._get_indicators()
        references = self._read_references(filters, indicators)
        facts = self._read_facts(filters, indicators)
        polls = self._read_polls(filters, indicators)
        figures = {
            code: {
                **self._describe(indicator, facts.total.get(code), references),
                "previous": self._comparable(indicator, facts.previous.get(code)),
            }
            for code, indicator in indicators.items()
        }
        trust = self._describe_trust(filters, facts, figures)
        main = indicators.get("dissatisfaction_staff") or next(
            iter(indicators.values()), self.env["kpi.indicator"]
        )
        return {
            "filters": self._describe_filters(filters, PLACES),
            "choices": self._read_choices(filters, indicators),
            "measured_at": main and fields.Datetime.to_string(main.measured_at),
            "empty": self._explain_empty(indicators, figures),
            "indexes": [code for code in INDEXES if code in indicators],
            "exact": [code for code in EXACT if code in indicators],
            "figures": figures,
            "trust": trust,
            "trend": self._describe_trend(filters, facts, indicators),
            "rankings": self._describe_rankings(facts, polls, indicators, references),
            "hours": self._describe_hours(facts),
            "answers": self._describe_answers(polls),
            "questions": self._read_questions(filters),
            "diagnosis": self._diagnose_figures(filters, figures),
            "improvements": self._begun_improvements(filters, INDEXES, ACTION_PLACES),
        }

    @api.model
    def action_open_documents(self, filters, figure):
        """Open what stands behind a tile, bar or row: exactly its documents.

        :param dict figure: ``code`` of the index, and what narrows it down:
            ``date_from``, ``date_to``, ``hour``, ``answer``, ``place`` (a dimension)
            and ``id`` (empty: nobody knows), ``label``
        :return: a window action
        """
        self._check_role()
        filters = self._clean_filters(filters)
        indicator = self._figure_indicator(figure)
        return self._open_figure(
            filters,
            indicator,
            figure,
            PLACES,
            site_id=filters.site_id,
            employee_id=filters.employee_id,
            department_tree_id=filters.department_id,
            point_id=filters.point_id,
            answer=figure.get("answer"),
            at_hour=figure.get("hour", -1),
        )

    @api.model
    def _check_role(self):
        """Figures of single sellers: for those who lead them or judge the polls."""
        if not any(
            self.env.user.has_group(f"kpi_quality.group_kpi_quality_{role}")
            for role in ROLES
        ):
            raise AccessError(
                self.env._(
                    "The feedback board is for team leads, experts and KPI managers. "
                    "Your own figures are on your scorecard."
                )
            )

    # ---------------------------------------------------------------- filters
    @api.model
    def _clean_filters(self, filters):
        period, stretch = self._clean_period(filters, "month")
        places = {name: self._clean_id(filters.get(name)) for name in PLACES}
        departments = self.env["hr.department"].sudo()  # ids only
        if places["department_id"]:
            departments = departments.search(
                [("id", "child_of", places["department_id"])]
            )
        return FeedbackFilters(
            period, stretch, **places, department_ids=tuple(departments.ids)
        )

    @api.model
    def _get_indicators(self):
        """:return: the measured indicators by source, in the order of the screen"""
        codes = (*INDEXES, *EXACT)
        indicators = self.env["kpi.indicator"].search(
            [
                ("source", "in", codes),
                ("state", "=", "active"),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            order="id DESC",
        )
        # Of several with one source, the one that came with the product: the first.
        by_source = {indicator.source: indicator for indicator in indicators}
        return {code: by_source[code] for code in codes if code in by_source}

    @api.model
    def _figure_indicator(self, figure):
        indicator = self._get_indicators().get(figure.get("code"))
        if not indicator:
            raise UserError(self.env._("This figure is not measured any more."))
        return indicator

    @api.model
    def _read_choices(self, filters, indicators):
        """The places that figures of these days are about, and all points.

        :return: ``{dimension: [{id, name}]}``, the narrower ones within the wider
        """
        anywhere = filters._replace(site_id=None, employee_id=None, department_ids=())
        known = self.env["kpi.measurement"]._read_group(
            self._atom_domain(anywhere, indicators),
            ["site_id", "department_id", "employee_id"],
        )
        points = self._get_points(filters._replace(point_id=None, department_ids=()))
        site_points = self._get_points(anywhere._replace(point_id=None))
        here = [
            (department, employee)
            for site, department, employee in known
            if filters.site_id in (None, site.id)
        ]
        chosen = {
            "site_id": (site for site, _department, _employee in known),
            "department_id": (department for department, _employee in here),
            "employee_id": (
                employee
                for department, employee in here
                if not filters.department_ids or department.id in filters.department_ids
            ),
        }
        records = {
            "site_id": site_points.site_id.union(*chosen["site_id"]),
            "department_id": points.department_id.union(*chosen["department_id"]),
            "point_id": points.filtered(
                lambda point: (
                    not filters.department_ids
                    or point.department_id.id in filters.department_ids
                )
            ),
            "employee_id": self.env["hr.employee"].union(*chosen["employee_id"]),
        }
        return {
            # sudo: the names only, of what the user may see figures of
            name: [
                {"id": record.id, "name": record.name}
                for record in records[name].sudo().sorted("name")
            ]
            for name in PLACES
        }

    @api.model
    def _get_points(self, filters):
        """The points where customers are asked, of what the user may look at."""
        domain = [
            ("company_id", "=", self.env.company.id),
            ("kind", "=", "three_button"),
        ]
        if not self._sees_all():
            domain.append(("department_id.kpi_is_led", "=", True))
        if filters.site_id:
            domain.append(("site_id", "=", filters.site_id))
        if filters.department_ids:
            domain.append(("department_id", "in", filters.department_ids))
        if filters.point_id:
            domain.append(("id", "=", filters.point_id))
        return self.env["kpi.feedback.point"].search(domain)

    @api.model
    def _sees_all(self):
        return any(
            self.env.user.has_group(f"kpi_quality.group_kpi_quality_{role}")
            for role in ("manager", "expert")
        )

    # ------------------------------------------------------------------ words
    @api.model
    def _explain_empty(self, indicators, figures):
        """:return: why the board is empty and what to do about it; False when not"""
        if any(figure["count"] for figure in figures.values()):
            return False
        if not indicators:
            return self.env._(
                "Customer feedback is not measured: a KPI manager can activate its "
                "indicators under Configuration → Indicators."
            )
        for indicator in indicators.values():
            if indicator.error_message:
                return self.env._(
                    "“%(indicator)s” could not be measured: %(error)s",
                    indicator=indicator.name,
                    error=indicator.error_message,
                )
        if not self._sees_all() and not self.env["hr.department"].search_count(
            [("kpi_is_led", "=", True)], limit=1
        ):
            return self.env._(
                "You lead no department. The manager of a department sees its figures "
                "and those of the departments below it."
            )
        points = self.env["kpi.feedback.point"].search_count(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        if not points:
            return self.env._(
                "There is no point yet where customers could press a button. Make one "
                "for each counter under Customers → Points, plan a question, and "
                "press: the seller's button first, then the customer's answer."
            )
        if not any(indicator.measured_at for indicator in indicators.values()):
            return self.env._(
                "Nothing was measured yet. It happens by itself every 15 minutes; a "
                "KPI manager can start it on an indicator."
            )
        return self.env._(
            "Nobody was asked here on these days. Choose other days or another place, "
            "or press: the seller's button first, then the customer's answer."
        )
