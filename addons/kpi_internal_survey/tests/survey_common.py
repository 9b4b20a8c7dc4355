"""A small company whose departments rate each other, and a campaign that runs."""

from odoo.fields import Command
from odoo.tests.common import TransactionCase, new_test_user

# The criteria of the tests by group: few, so that a test can write all marks down.
CRITERIA = {
    "Attitude": ("answers", "responsibility"),
    "Execution": ("speed",),
    "Communication": ("respect",),
}
# From, to, name and key of each band (seed 001).
BANDS = (
    (10, 10, "Far exceeds expectations", "far_exceeds"),
    (9, 9, "Exceeds expectations", "exceeds"),
    (7, 8, "Meets expectations", "meets"),
    (5, 6, "Partly meets expectations", "partly"),
    (1, 4, "Does not meet expectations", "fails"),
)
PEOPLE = 6


class SurveyCase(TransactionCase):
    """Nine units of six people each; ``minimum`` is 5.

    Head office: ``it`` (led by director), ``hr`` (led by director_2), ``finance``,
    ``legal``, ``risk``, ``marketing``; regional: ``north``, ``south``, ``west``.
    ``cls.<x>`` is the unit of the campaign, ``cls.department_<x>`` its department,
    ``cls.people[<unit>]`` its employees. Users: ``manager``, ``board``, ``director``,
    ``director_2``, ``outsider`` (an employee of Finance), ``board_abroad`` (of another
    company).
    """

    HEAD_OFFICE = ("it", "hr", "finance", "legal", "risk", "marketing")
    REGIONAL = ("north", "south", "west")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        context = {
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_notrack": True,
            "no_reset_password": True,
            "lang": "en_US",
        }
        cls.env = cls.env(context={**cls.env.context, **context})
        cls.company = cls.env["res.company"].create({"name": "Survey Test Bank"})
        cls.company_abroad = cls.env["res.company"].create({"name": "Survey Abroad"})
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls._create_departments()
        cls._create_users()
        cls.campaign = cls._create_campaign("Cycle 1")
        cls._run(cls.campaign)
        cls._name_units(cls.campaign)

    # ---------------------------------------------------------- the company
    @classmethod
    def _create_departments(cls):
        cls.departments = {}
        cls.employees = {}
        kinds = dict.fromkeys(cls.HEAD_OFFICE, "head_office")
        kinds |= dict.fromkeys(cls.REGIONAL, "regional")
        for name, kind in kinds.items():
            department = cls.env["hr.department"].create(
                {
                    "name": name.title(),
                    "company_id": cls.company.id,
                    "kpi_is_unit": True,
                    "kpi_unit_kind": kind,
                }
            )
            cls.departments[name] = department
            setattr(cls, f"department_{name}", department)
            cls.employees[name] = cls.env["hr.employee"].create(
                [
                    {
                        "name": f"{name.title()} {number}",
                        "company_id": cls.company.id,
                        "department_id": department.id,
                        "work_email": f"{name}.{number}@survey.example.com",
                        "date_version": "2024-01-01",
                    }
                    for number in range(1, PEOPLE + 1)
                ]
            )

    @classmethod
    def _create_users(cls):
        quality = "kpi_quality.group_kpi_quality"
        board = "kpi_internal_survey.group_kpi_survey_board"
        cls.manager = cls._create_user("manager", f"{quality}_manager")
        cls.board = cls._create_user("board", board)
        cls.board_abroad = cls._create_user("board_abroad", board, cls.company_abroad)
        cls.director = cls._create_user("director", f"{quality}_lead")
        cls.director_2 = cls._create_user("director_2", f"{quality}_lead")
        cls.outsider = cls._create_user("outsider", f"{quality}_user")
        for user, name in (
            (cls.director, "it"),
            (cls.director_2, "hr"),
            (cls.outsider, "finance"),
        ):
            employee = cls.employees[name][0]
            employee.user_id = user
            if user != cls.outsider:
                cls.departments[name].manager_id = employee

    @classmethod
    def _create_user(cls, name, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"kpi_survey_{name}",
            groups=group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    # --------------------------------------------------------- the campaign
    @classmethod
    def _create_campaign(cls, name, **values):
        campaign = cls.env["kpi.survey.campaign"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "user_id": cls.manager.id,
                "date_from": "2025-11-03",
                "date_to": "2025-11-21",
                **values,
            }
        )
        # Whatever a new campaign comes with: the tests' own criteria and scale.
        campaign.rule_ids.unlink()
        campaign.band_ids.unlink()
        campaign.group_ids.unlink()
        for sequence, (group, keys) in enumerate(CRITERIA.items()):
            cls.env["kpi.survey.criterion.group"].create(
                {
                    "campaign_id": campaign.id,
                    "name": group,
                    "sequence": sequence,
                    "criterion_ids": [
                        Command.create(
                            {
                                "campaign_id": campaign.id,
                                "sequence": number,
                                "name": key.title(),
                                "key": key,
                            }
                        )
                        for number, key in enumerate(keys)
                    ],
                }
            )
        cls.env["kpi.survey.band"].create(
            [
                {
                    "campaign_id": campaign.id,
                    "mark_from": mark_from,
                    "mark_to": mark_to,
                    "name": band,
                    "key": key,
                }
                for mark_from, mark_to, band, key in BANDS
            ]
        )
        return campaign

    @classmethod
    def _run(cls, campaign):
        """Let it run with all units and people, without a letter or a code."""
        for name, department in cls.departments.items():
            unit = cls.env["kpi.survey.unit"].create(
                {
                    "campaign_id": campaign.id,
                    "department_id": department.id,
                    "name": department.name,
                    "kind": department.kpi_unit_kind,
                    "invited": PEOPLE,
                }
            )
            cls.env["kpi.survey.participant"].create(
                [
                    {
                        "campaign_id": campaign.id,
                        "unit_id": unit.id,
                        "employee_id": employee.id,
                        "email": employee.work_email,
                    }
                    for employee in cls.employees[name]
                ]
            )
        cls._set_state(campaign, "running")

    @classmethod
    def _set_state(cls, campaign, state):
        """Past the workflow: what is tested is what comes after it."""
        campaign.flush_recordset()
        cls.env.cr.execute(
            "UPDATE kpi_survey_campaign SET state = %s WHERE id = %s",
            [state, campaign.id],
        )
        campaign.invalidate_recordset()

    @classmethod
    def _name_units(cls, campaign):
        """``cls.it`` and the like are the units of this campaign from now on."""
        cls.people = {}
        by_department = {unit.department_id: unit for unit in campaign.unit_ids}
        for name, department in cls.departments.items():
            unit = by_department[department]
            setattr(cls, name, unit)
            cls.people[unit] = cls.employees[name]
        cls.criteria = campaign.group_ids.criterion_ids
        cls.head_office = campaign.unit_ids.filtered(lambda u: u.kind == "head_office")

    # ---------------------------------------------------------- the answers
    @classmethod
    def ballot(cls, unit, marks, votes=(), comments=None):
        """A clear ballot as it lies in a box.

        :param marks: by rated unit (the own one, too): one mark for all criteria, or
            a list in the order of ``cls.criteria`` with None for what is not marked
        :param votes: employees
        :param comments: texts by rated unit
        """
        comments = comments or {}
        ratings = []
        for rated, mark in marks.items():
            values = mark if isinstance(mark, list) else [mark] * len(cls.criteria)
            ratings.append(
                {
                    "unit": rated.id,
                    "marks": {
                        str(criterion.id): value
                        for criterion, value in zip(cls.criteria, values, strict=True)
                        if value is not None
                    },
                    "comment": comments.get(rated, ""),
                }
            )
        return {
            "unit": unit.id,
            "ratings": ratings,
            "votes": [employee.id for employee in votes],
        }

    @classmethod
    def count(cls, ballots, campaign=None, state="closed"):
        """Close the campaign and count these clear ballots.

        :param state: where the campaign is afterwards, e.g. ``published``
        """
        campaign = campaign or cls.campaign
        cls._set_state(campaign, "closed")
        campaign._count(ballots)
        cls._set_state(campaign, state)
        return campaign
