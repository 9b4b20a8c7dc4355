"""A counted survey with everything that a report may contain, and readers of both."""

import io
import random

import openpyxl
from lxml import html

from odoo.tests.common import freeze_time

from ..report.survey_workbook import write_workbook
from .survey_common import SurveyCase

SECRETS = {
    "it": "The helpdesk is quick",
    "hr": '=HYPERLINK("http://example.com") <b>slow</b> & vague',
    "finance": "@Finance never answers",
}


@freeze_time("2025-12-01 09:00:00")
class ReportCase(SurveyCase):
    """Finance quarrels with Legal, IT and Risk praise each other; Marketing is rated by
    too few. Comments, votes, recommendations and actions of three units.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.before = cls._create_before()
        cls.campaign.previous_id = cls.before
        cls.count(cls.ballots())
        cls.recommendations = cls.env["kpi.survey.recommendation"].create(
            [
                {"campaign_id": cls.campaign.id, "unit_id": unit.id, "text": text}
                for unit, text in (
                    (cls.it, "Keep the helpdesk"),
                    (cls.hr, "Answer by noon"),
                    (cls.hr.browse(), "Meet more often"),
                )
            ]
        )
        cls.recommendations += cls.recommendations.create(
            [
                {
                    "campaign_id": cls.campaign.id,
                    "text": "Separate the two directors",
                    "is_for_board": True,
                },
                {
                    "campaign_id": cls.campaign.id,
                    "unit_id": cls.it.id,
                    "text": "Half a thought",
                    "is_draft": True,
                },
            ]
        )
        indicator = cls.env["kpi.improvement"]._survey_indicator()
        cls.actions = cls.env["kpi.improvement"].create(
            [
                {
                    "name": name,
                    "indicator_id": indicator.id,
                    "kpi_campaign_id": campaign.id,
                    "department_id": department and department.id,
                    "user_id": user.id,
                    "date_deadline": "2026-01-30",
                }
                for name, campaign, department, user in (
                    ("Old of IT", cls.before, cls.department_it, cls.director),
                    ("Old of HR", cls.before, cls.department_hr, cls.director_2),
                    ("New of IT", cls.campaign, cls.department_it, cls.director),
                    ("New of HR", cls.campaign, cls.department_hr, cls.director_2),
                    ("New of all", cls.campaign, None, cls.manager),
                )
            ]
        )
        cls._set_state(cls.campaign, "published")
        (cls.before + cls.campaign).improvement_ids._compare()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _create_before(cls):
        """The cycle before: everybody rates everybody 5."""
        before = cls._create_campaign(
            "Cycle 0", date_from="2024-11-04", date_to="2024-11-22"
        )
        campaign = cls.campaign
        cls._set_state(campaign, "closed")  # one runs at a time
        cls._run(before)
        cls._name_units(before)
        units = before.unit_ids
        ballots = [
            cls.ballot(unit, {rated: 5 for rated in cls.head_office})
            for unit in units
            for _number in range(6)
        ]
        cls.count(ballots, before, state="published")
        cls._name_units(campaign)
        return before

    @classmethod
    def ballots(cls):
        chance = random.Random(7)
        ballots = []
        rated = cls.head_office - cls.marketing
        for unit in cls.campaign.unit_ids:
            for number in range(6):
                marks = {
                    other: [chance.randint(6, 9) for _criterion in cls.criteria]
                    for other in rated
                }
                if unit == cls.finance:
                    marks[cls.legal] = [1 + number % 3] * len(cls.criteria)
                if unit == cls.it:
                    marks[cls.risk] = 10
                if unit == cls.risk:
                    marks[cls.it] = 10
                if unit == cls.north and number < 2:
                    marks[cls.marketing] = 3
                comments = {}
                if unit == cls.risk and number == 0:
                    comments = {
                        getattr(cls, key): text for key, text in SECRETS.items()
                    }
                votes = (cls.employees["it"][2], cls.employees["hr"][2])
                if unit in (cls.it, cls.hr):
                    votes = ()
                ballots.append(cls.ballot(unit, marks, votes, comments))
        return ballots

    # ---------------------------------------------------------------- reading
    @classmethod
    def collect(cls, kind, user, record=None):
        report = cls.env["kpi.survey.report"].with_user(user)
        report = report.with_context(allowed_company_ids=user.company_ids.ids)
        return report._collect(kind, record or cls.campaign)

    @classmethod
    def workbook(cls, kind, user, record=None):
        """The content of the file, as bytes."""
        return write_workbook(cls.collect(kind, user, record))

    @classmethod
    def sheets(cls, content):
        """:return: ``{sheet: rows of values}`` of all sheets, hidden ones, too"""
        book = openpyxl.load_workbook(io.BytesIO(content))
        return {
            sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
            for sheet in book.worksheets
        }

    @classmethod
    def page(cls, kind, user, record=None):
        """The page as the user gets it, as a tree."""
        reports = cls.env["ir.actions.report"].with_user(user)
        reports = reports.with_context(allowed_company_ids=user.company_ids.ids)
        page, _type = reports._render_qweb_html(
            f"kpi_internal_survey.report_{kind}", (record or cls.campaign).ids
        )
        return html.fromstring(page)
