"""Rows of every model of customer feedback against who may not see or change them.

Who may do what at all stands in the table of ``test_access.py``.
"""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from .common import NOW
from .feedback_common import FeedbackCommon
from .test_access import FEEDBACK_MODELS

# The same for all companies.
SHARED_MODELS = {"kpi.feedback.reason"}
# Made of presses, verdicts and audits by the server.
DERIVED_MODELS = (
    "kpi.feedback.point.rule",
    "kpi.feedback.attempt",
    "kpi.feedback.poll",
    "kpi.force.majeure",
    "kpi.feedback.alarm",
    "kpi.feedback.check",
    "kpi.feedback.sign",
    "kpi.quality.audit.line",
)
MOMENT = "2025-03-05 10:00:00"

# Whose rows a role finds: the seller's own ones, those of a colleague at the same
# counter, those of the depot; "all" is all of the company.
OWN, COLLEAGUE, DEPOT = "own", "colleague", "depot"
SHOP = {OWN, COLLEAGUE}
ALL = {OWN, COLLEAGUE, DEPOT}
RESULTS = {
    "seller": {OWN},
    "seller_2": {COLLEAGUE},
    "wholesaler": set(),
    "lead": SHOP,
    "warehouse_lead": {DEPOT},
    "expert": ALL,
    "payroll": set(),
    "manager": ALL,
}
REFUSED = None  # the model itself
SEEN = {
    "kpi.feedback.attempt": RESULTS,
    "kpi.feedback.poll": RESULTS,
    "kpi.force.majeure": RESULTS,
    "kpi.feedback.complaint": RESULTS,
    # The alarms of these complaints told the director.
    "kpi.feedback.alarm": {**RESULTS, "seller": set(), "seller_2": set()},
    "kpi.duty": {**RESULTS, "expert": set()},
    "kpi.feedback.event": {
        **RESULTS,
        "seller": REFUSED,
        "seller_2": REFUSED,
        "wholesaler": REFUSED,
        "payroll": REFUSED,
    },
    "kpi.visitor.count": {
        "seller": REFUSED,
        "lead": {OWN},
        "warehouse_lead": {DEPOT},
        "expert": {OWN, DEPOT},
        "manager": {OWN, DEPOT},
    },
    "kpi.feedback.check": {
        "seller": REFUSED,
        "lead": REFUSED,
        "payroll": REFUSED,
        "expert": ALL,
        "manager": ALL,
    },
    "kpi.feedback.verdict": {
        "seller": REFUSED,
        "payroll": REFUSED,
        "lead": SHOP,
        "warehouse_lead": {DEPOT},
        "expert": ALL,
        "manager": ALL,
    },
    "kpi.feedback.sign": {
        "seller": REFUSED,
        "lead": REFUSED,
        "payroll": REFUSED,
        "expert": ALL,
        "manager": ALL,
    },
    "kpi.feedback.camera": {
        "seller": REFUSED,
        "lead": REFUSED,
        "expert": {OWN, DEPOT},
        "manager": {OWN, DEPOT},
    },
    **{
        model: {
            "seller": REFUSED,
            "payroll": REFUSED,
            "lead": {OWN},
            "warehouse_lead": {DEPOT},
            "expert": {OWN, DEPOT},
            "manager": {OWN, DEPOT},
        }
        for model in (
            "kpi.quality.audit",
            "kpi.quality.audit.question",
            "kpi.quality.audit.line",
        )
    },
}


@freeze_time(NOW)
class FeedbackRows(FeedbackCommon):
    """Rows of all models: of the shop, of the depot, and of another company.

    ``cls.rows[place][model]``: records, superuser.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = {}
        cls.depot_counter = cls.point(
            "Pick-up",
            kind="three_button",
            site_id=cls.depot.id,
            department_id=cls.storage.id,
        )
        cls._create_elsewhere()
        cls._fill_place(OWN, cls.shop, cls.retail, cls.counter)
        cls._fill_person(OWN, cls.counter, cls.seller, "10")
        cls.rows[COLLEAGUE] = {}
        cls._fill_person(COLLEAGUE, cls.counter, cls.seller_2, "14")
        cls._fill_place(DEPOT, cls.depot, cls.storage, cls.depot_counter)
        cls._fill_person(DEPOT, cls.depot_counter, cls.picker, "10")
        cls.env.ref("base.group_allow_export").user_ids |= cls.env["res.users"].search(
            [("login", "=like", "kpi\\_%")]
        )
        cls.env.invalidate_all()

    @classmethod
    def _create_elsewhere(cls):
        ours = cls.env
        cls.other = cls._create_company("Elsewhere")
        expert = ["kpi_quality.group_kpi_quality_expert"]
        cls.user_foreign = cls._create_user(
            "kpi_foreign", "manager", expert, company=cls.other
        )
        cls.user_both = cls._create_user("kpi_both", "manager", expert)
        cls.env = ours(context={**ours.context, "allowed_company_ids": cls.other.ids})
        site = cls.env["kpi.site"].create({"name": "Elsewhere", "tz": "UTC"})
        department = cls.env["hr.department"].create(
            {"name": "Elsewhere", "company_id": cls.other.id, "kpi_site_id": site.id}
        )
        cls.foreign = cls._create_employee(
            "Foreign", department, company_id=cls.other.id
        )
        cls.foreign_point = cls.point(
            "There",
            kind="three_button",
            site_id=site.id,
            department_id=department.id,
        )
        cls._fill_place("elsewhere", site, department, cls.foreign_point)
        cls._fill_person("elsewhere", cls.foreign_point, cls.foreign, "10")
        cls.env = ours

    @classmethod
    def _keep(cls, place, records):
        kept = cls.rows.setdefault(place, {})
        kept[records._name] = kept.get(records._name, records.browse()) | records
        return records

    @classmethod
    def _fill_place(cls, place, site, department, point):
        """What a site has once."""

        def create(model, **values):
            return cls._keep(place, cls.env[model].create(values))

        company = site.company_id
        number = 9 + len(cls.rows)  # no two places collide when one is moved
        entrance = create("kpi.site.entrance", name=f"Gate {place}", site_id=site.id)
        create(
            "kpi.visitor.count",
            entrance_id=entrance.id,
            date="2025-03-05",
            hour=number,
            visitors=7,
            source="import",
        )
        study = create(
            "kpi.popularity.study",
            name=f"Study {place}",
            site_id=site.id,
            line_ids=[Command.create({"department_id": department.id})],
        )
        cls._keep(place, study.line_ids)
        create("kpi.feedback.camera", name=f"Camera {place}", site_id=site.id)
        cls._keep(place, point)
        cls._keep(place, point.rule_ids)
        question = create(
            "kpi.feedback.question",
            kind="staff",
            text=f"Were we polite at {place}?",
            company_id=company.id,
        )
        period = create(
            "kpi.feedback.question.period",
            company_id=company.id,
            point_id=point.id,
            question_id=question.id,
            date_from="2025-03-21",
            date_to="2025-03-22",
        )
        create(
            "kpi.feedback.question.confirmation", period_id=period.id, point_id=point.id
        )
        plan = create(
            "kpi.feedback.question.plan",
            company_id=company.id,
            point_id=point.id,
            date_from="2025-04-01",
            date_to="2025-04-10",
            line_ids=[Command.create({"question_id": question.id})],
        )
        cls._keep(place, plan.line_ids)
        create("kpi.feedback.recipient", company_id=company.id, site_ids=site.ids)
        create(
            "kpi.reference",
            indicator_id=cls.indicator("average_check").id,
            company_id=company.id,
            date_from=f"2025-01-{number:02}",
            value=5,
        )
        audit = create(
            "kpi.quality.audit",
            name=f"Audit {place}",
            company_id=company.id,
            date_from="2025-03-01",
            date_to="2025-03-10",
            point_ids=point.ids,
            question_ids=[
                Command.create(
                    {
                        "question_id": question.id,
                        "date_from": "2025-03-01",
                        "date_to": "2025-03-10",
                    }
                )
            ],
        )
        cls._keep(place, audit.question_ids)
        create(
            "kpi.quality.audit.line",
            audit_id=audit.id,
            company_id=company.id,
            point_id=point.id,
            site_id=site.id,
            department_id=department.id,
            index="dissatisfaction_staff",
        )

    @classmethod
    def _fill_person(cls, place, point, employee, hour):
        """What follows from the presses of a seller: a poll, force majeure, red."""
        moment = f"2025-03-05 {hour}:00:00"
        presses = [(0, "seller"), (5, "no"), (120, "seller", 4), (300, "seller", 4)]
        events = cls.presses(point, moment, presses, employee_id=employee.id)
        cls._keep(place, events)
        for model in ("kpi.feedback.attempt", "kpi.feedback.poll", "kpi.force.majeure"):
            found = cls.env[model].search([("event_id", "in", events.ids)])
            cls._keep(place, found)
        complaint = cls._keep(
            place,
            cls.env["kpi.feedback.complaint"].create(
                {
                    "company_id": point.company_id.id,
                    "department_id": point.department_id.id,
                    "employee_id": employee.id,
                    "moment": cls.utc(moment),
                    "description": f"Rude at {place}",
                }
            ),
        )
        cls._keep(
            place,
            cls.env["kpi.feedback.alarm"].create(
                {
                    "complaint_id": complaint.id,
                    "level": 1,
                    "user_id": cls.env.ref("base.user_admin").id,
                    "told_at": cls.utc(moment),
                }
            ),
        )
        cls._keep(
            place,
            cls.env["kpi.duty"].create(
                {
                    "employee_id": employee.id,
                    "point_id": point.id,
                    "department_id": point.department_id.id,
                    "start": cls.utc(moment),
                    "stop": cls.utc(f"2025-03-05 {hour}:30"),
                }
            ),
        )
        facts = {
            "company_id": point.company_id.id,
            "site_id": point.site_id.id,
            "point_id": point.id,
            "department_id": point.department_id.id,
        }
        check = cls._keep(
            place,
            cls.env["kpi.feedback.check"].create(
                {
                    **facts,
                    "kind": "poll",
                    "event_id": events[0].id,
                    "moment": cls.utc(moment),
                    "claimed_by_id": cls.env.uid,
                }
            ),
        )
        cls._keep(
            place,
            cls.env["kpi.feedback.verdict"].create(
                {"check_id": check.id, "verdict": "valid"}
            ),
        )
        cls._keep(
            place,
            cls.env["kpi.feedback.sign"].create(
                {
                    **facts,
                    "kind": "burst",
                    "employee_id": employee.id,
                    "date": "2025-03-05",
                    "start": cls.utc(moment),
                    "stop": cls.utc(f"2025-03-05 {hour}:01"),
                    "presses": 9,
                }
            ),
        )

    def ours(self, model):
        """The rows of our company, whoever's."""
        return self.env[model].union(
            *(self.rows[place].get(model, self.env[model]) for place in ALL)
        )

    def theirs(self, model):
        return self.rows["elsewhere"][model]

    def check_hidden(self, records, hidden):
        """Nothing of hidden rows is got by any way of reading.

        :param records: the model, as the user
        """
        ids = set(hidden.ids)
        self.assertTrue(ids)
        domain = [("id", "in", hidden.ids)]
        self.assertFalse(records.search(domain))
        self.assertFalse(records.search_count(domain))
        self.assertFalse(records.search_read(domain, ["company_id"]))
        self.assertFalse(records.web_search_read(domain, {"id": {}})["records"])
        self.assertFalse(
            records.formatted_read_group(domain, ["company_id"], ["__count"])
        )
        if records._rec_name and records._fields[records._rec_name].store:
            found = records.name_search(hidden[0].display_name, limit=None)
            self.assertFalse(ids & {record_id for record_id, _name in found})
        for record in records.browse(hidden.ids):
            for read in (
                lambda record=record: record.read(["company_id"]),
                lambda record=record: record.web_read({"company_id": {}}),
                lambda record=record: record.export_data(["company_id/name"]),
            ):
                with self.assertRaises(AccessError):
                    read()
        for operation in ("read", "write", "unlink"):
            self.assertFalse(records.browse(hidden.ids)._filtered_access(operation))


@tagged("post_install", "-at_install")
class TestFeedbackCompanies(FeedbackRows):
    def as_user(self, model, user, company):
        records = self.env[model].with_user(user)
        return records.with_context(allowed_company_ids=company.ids)

    def test_every_model_has_rows(self):
        for place in (OWN, DEPOT, "elsewhere"):
            filled = {model for model, records in self.rows[place].items() if records}
            self.assertEqual(filled, FEEDBACK_MODELS - SHARED_MODELS, place)

    def test_nothing_of_another_company(self):
        """KPI manager and expert in one, of the other company."""
        for model in sorted(FEEDBACK_MODELS - SHARED_MODELS):
            for user, company, mine, hidden in (
                (self.user_both, self.company, self.ours, self.theirs),
                (self.user_foreign, self.other, self.theirs, self.ours),
            ):
                with self.subTest(model=model, company=company.name):
                    records = self.as_user(model, user, company)
                    self.assertEqual(
                        records.search([("id", "in", mine(model).ids)]), mine(model)
                    )
                    self.check_hidden(records, hidden(model))

    def test_nothing_of_a_company_that_is_switched_off(self):
        """Who works in both sees what is switched on."""
        self.user_both.company_ids |= self.other
        for model in sorted(FEEDBACK_MODELS - SHARED_MODELS):
            with self.subTest(model=model):
                records = self.as_user(model, self.user_both, self.other)
                self.assertTrue(records.search([("id", "in", self.theirs(model).ids)]))
                self.assertFalse(records.search([("id", "in", self.ours(model).ids)]))

    def test_nothing_by_a_path_through_others(self):
        """Domains that begin at what one may read and lead to another company."""
        both = self.env(user=self.user_both)
        for model, domain in (
            ("kpi.site", [("feedback_point_ids.name", "=", "There")]),
            ("kpi.site", [("entrance_ids.company_id", "=", self.other.id)]),
            ("kpi.feedback.poll", [("point_id.name", "=", "There")]),
            ("kpi.feedback.complaint", [("alarm_ids.company_id", "=", self.other.id)]),
            ("kpi.feedback.verdict", [("check_id.company_id", "=", self.other.id)]),
            ("kpi.feedback.question", [("text", "like", "elsewhere")]),
            ("kpi.duty", [("employee_id.name", "=", "Foreign")]),
        ):
            with self.subTest(model=model, domain=domain):
                self.assertFalse(both[model].search(domain))

    # ---------------------------------------------------------------- creating
    def values_of(self, record):
        """What one gives to make a row like this one."""
        computed = {"company_id"} if record._fields["company_id"].related else set()
        return {
            name: field.convert_to_write(record[name], record)
            for name, field in record._fields.items()
            if field.store
            and field.required
            and name not in computed
            and not field.readonly
            or name == "company_id"
            and name not in computed
        }

    def test_nothing_is_made_for_another_company(self):
        new = {
            "kpi.site.entrance": {"name": "Mine"},
            "kpi.visitor.count": {"hour": 20},
            "kpi.popularity.study.line": {"department_id": self.retail.id},
            "kpi.feedback.point": {"name": "Mine", "code": "MINE"},
            "kpi.feedback.question.period": {
                "date_from": "2025-05-01",
                "date_to": "2025-05-02",
            },
            "kpi.feedback.question.plan": {
                "date_from": "2025-05-01",
                "line_ids": [
                    Command.create(
                        {"question_id": self.theirs("kpi.feedback.question").id}
                    )
                ],
            },
            "kpi.feedback.question.confirmation": {
                "confirmed_at": "2025-03-19 10:00:00"
            },
            "kpi.feedback.event": {"uuid": "mine"},
            "kpi.duty": {
                "point_id": self.foreign_point.id,
                "employee_id": self.foreign.id,
            },
            "kpi.reference": {"date_from": "2025-02-01"},
            "kpi.quality.audit": {"name": "Mine"},
        }
        tried = []
        for model in sorted(FEEDBACK_MODELS - SHARED_MODELS):
            records = self.env[model].with_user(self.user_both)
            if not records.has_access("create"):
                continue
            tried.append(model)
            values = self.values_of(self.theirs(model)[0]) | new.get(model, {})
            with (
                self.subTest(model=model, values=values),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                records.create(values)
        self.assertIn("kpi.feedback.complaint", tried)
        self.assertIn("kpi.feedback.verdict", tried)

    def test_nothing_wanders_to_another_company(self):
        """Made at home, then pointed at somebody else's place."""
        for model in sorted(FEEDBACK_MODELS - SHARED_MODELS):
            mine = self.rows[OWN][model][0].with_user(self.user_both)
            if not mine.has_access("write"):
                continue
            theirs = self.theirs(model)[0]
            names = [
                name
                for name, field in mine._fields.items()
                if field.type == "many2one"
                and field.store
                and not field.related
                and theirs[name]
                and (name == "company_id" or "company_id" in theirs[name]._fields)
                and (name == "company_id" or theirs[name].company_id == self.other)
            ]
            for name in names:
                with (
                    self.subTest(model=model, field=name),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    mine.write({name: theirs[name].id})
            self.env.invalidate_all()

    def test_nothing_wanders_that_belongs_to_the_company_alone(self):
        """Without site, point or department that would hold it."""
        question = self.rows[OWN]["kpi.feedback.question"]
        days = {"date_from": "2025-06-01", "date_to": "2025-06-02"}
        for model, values in (
            ("kpi.feedback.question", {"kind": "staff", "text": "Mine?"}),
            ("kpi.feedback.question.period", {"question_id": question.id, **days}),
            (
                "kpi.feedback.question.plan",
                {
                    **days,
                    "line_ids": [
                        Command.create(
                            {
                                "question_id": self.env["kpi.feedback.question"]
                                .create({"kind": "staff", "text": "Everybody's?"})
                                .id
                            }
                        )
                    ],
                },
            ),
            ("kpi.feedback.recipient", {}),
            ("kpi.feedback.complaint", {"description": "Mine"}),
            ("kpi.quality.audit", {"name": "Mine", **days}),
        ):
            mine = self.env[model].with_user(self.user_both)
            mine = mine.create({**values, "company_id": self.company.id})
            with (
                self.subTest(model=model),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                mine.write({"company_id": self.other.id})

    def test_alarms_tell_nobody_of_another_company(self):
        """A recipient of all companies is told where he works only."""
        recipient = self.env["kpi.feedback.recipient"].with_user(self.user_both)
        recipient = recipient.create({"who": "user", "user_id": self.user_both.id})
        recipient = recipient.sudo()
        now = self.utc(MOMENT)
        self.assertTrue(recipient._people(self.shop, now))
        self.assertFalse(recipient._people(self.foreign_point.site_id, now))
        complaint = self.theirs("kpi.feedback.complaint")
        complaint._tell(recipient, now)
        [alarm] = complaint.alarm_ids.filtered(lambda a: a.recipient_id == recipient)
        self.assertFalse(alarm.user_id)
        self.assertIn("does not work in Elsewhere", alarm.problem)


@tagged("post_install", "-at_install")
class TestFeedbackRoles(FeedbackRows):
    def test_who_finds_whose_rows(self):
        for model, roles in SEEN.items():
            for role, places in roles.items():
                records = self.env[model].with_user(getattr(self, f"user_{role}"))
                with self.subTest(model=model, role=role):
                    if places is REFUSED:
                        with self.assertRaises(AccessError):
                            records.search([])
                        continue
                    found = records.search([])
                    self.assertEqual(
                        {
                            place
                            for place in ALL
                            for row in self.rows[place].get(model, records)
                            if row in found
                        },
                        places,
                    )
                    for place in ALL - places:
                        if self.rows[place].get(model):
                            self.check_hidden(records, self.rows[place][model])

    def test_a_complaint_is_seen_by_who_was_told(self):
        told = self.rows[DEPOT]["kpi.feedback.alarm"]
        told.user_id = self.user_seller
        complaints = self.env["kpi.feedback.complaint"].with_user(self.user_seller)
        self.assertIn(told.complaint_id, complaints.search([]))
        self.assertNotIn(
            told.complaint_id, complaints.with_user(self.user_seller_2).search([])
        )

    def test_counts_are_of_what_one_may_see(self):
        for role, polls, presses in (
            ("seller", 1, 0),
            ("wholesaler", 0, 0),
            ("lead", 2, 8),
            ("warehouse_lead", 0, 0),
            ("manager", 2, 8),
        ):
            point = self.counter.with_user(getattr(self, f"user_{role}"))
            with self.subTest(role=role):
                self.assertEqual(
                    (point.poll_count, point.event_count), (polls, presses)
                )

    def test_no_path_of_a_seller_leads_to_others(self):
        """Domains that begin at what everybody reads."""
        polls, complaints = (
            self.env[model].with_user(self.user_seller)
            for model in ("kpi.feedback.poll", "kpi.feedback.complaint")
        )
        others = self.seller_2
        self.assertFalse(polls.search([("employee_id", "=", others.id)]))
        self.assertFalse(polls.search([("employee_id.name", "=", others.name)]))
        self.assertFalse(complaints.search([("description", "like", "Rude at depot")]))
        for domain in (
            [("event_id.button", "=", "seller")],
            [("answer_event_id.held_ms", ">", 0)],
        ):
            with self.assertRaises(AccessError):
                polls.search(domain)
        with self.assertRaises(AccessError):
            polls.search([]).export_data(["event_id/held_ms"])
        with self.assertRaises(AccessError):
            polls.formatted_read_group([], ["event_id.button"], ["__count"])
        self.assertEqual(
            polls.formatted_read_group([], ["employee_id"], ["__count"])[0]["__count"],
            1,
        )

    # ---------------------------------------------------------------- changing
    @mute_logger("odoo.sql_db")
    def test_nobody_writes_what_is_derived(self):
        for user in (self.user_manager, self.user_expert, self.user_lead):
            for model in (
                *DERIVED_MODELS,
                "kpi.feedback.event",
                "kpi.feedback.verdict",
            ):
                records = self.env[model].with_user(user)
                row = records.browse(self.rows[OWN][model][0].id)
                name = {"kpi.feedback.event": "held_ms"}.get(model, "company_id")
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(UserError):
                        row.write({name: self.company.id})
                    with self.assertRaises(UserError):
                        row.unlink()
                    if model in DERIVED_MODELS:
                        with self.assertRaises(AccessError):
                            records.create({})

    def test_leads_keep_duties_of_their_sites_only(self):
        mine, foreign = (
            self.rows[place]["kpi.duty"].with_user(self.user_lead)
            for place in (OWN, DEPOT)
        )
        mine.stop = self.utc("2025-03-05 11:00")
        for change in (
            lambda: foreign.write({"stop": self.utc("2025-03-05 11:00")}),
            lambda: foreign.unlink(),
            lambda: mine.write(
                {
                    "point_id": self.depot_counter.id,
                    "department_id": self.storage.id,
                    "site_id": self.depot.id,
                }
            ),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                change()

    def test_who_answers_complaints(self):
        """Leads those of their departments, sellers none; nobody changes the facts."""
        own, depot = (
            self.rows[place]["kpi.feedback.complaint"] for place in (OWN, DEPOT)
        )
        for user, complaint in (
            (self.user_seller, own),
            (self.user_lead, depot),
            (self.user_warehouse_lead, own),
            (self.user_expert, own),
            (self.user_payroll, own),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                complaint.with_user(user).write({"reaction": "Talked to them"})
        for values in (
            {"state": "unfair"},
            {"employee_id": self.seller_2.id},
            {"department_id": self.storage.id},
            {"description": "All is well"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                own.with_user(self.user_lead).write(values)
        own.with_user(self.user_lead).write({"reaction": "Talked to them"})
        self.assertEqual(own.reacted_by_id, self.user_lead)

    # ----------------------------------------------------------------- experts
    def test_an_expert_of_the_place_judges_nothing_there(self):
        for department in (self.retail, self.wholesale):  # the same site
            self.expert.department_id = department
            self.env.invalidate_all()
            expert = self.env(user=self.user_expert)
            for model in ("kpi.feedback.check", "kpi.feedback.sign"):
                found = expert[model].search([])
                with self.subTest(model=model, department=department.name):
                    self.assertIn(self.rows[DEPOT][model], found)
                    for place in SHOP:
                        self.check_hidden(expert[model], self.rows[place][model])
            check = self.rows[OWN]["kpi.feedback.check"]
            check.write({"state": "waiting", "claimed_by_id": self.user_expert.id})
            with self.assertRaises(UserError):
                expert["kpi.feedback.verdict"].create(
                    {"check_id": check.id, "verdict": "rejected"}
                )
            complaint = self.rows[OWN]["kpi.feedback.complaint"]
            with self.assertRaises(AccessError):
                complaint.with_user(self.user_expert).action_judge_fair()
            self.rows[DEPOT]["kpi.feedback.complaint"].with_user(
                self.user_expert
            ).action_judge_fair()

    def test_nobody_finds_signs_about_himself(self):
        sign = self.rows[OWN]["kpi.feedback.sign"]
        for employee, user in (
            (self.expert, self.user_expert),
            (self.manager, self.user_manager),
        ):
            sign.write({"employee_id": employee.id, "department_id": False})
            with self.subTest(user=user.login):
                self.check_hidden(self.env[sign._name].with_user(user), sign)

    def test_signs_of_nobody_and_nowhere_are_found(self):
        """Without seller and department, by experts and managers with a place."""
        sign = self.rows[OWN]["kpi.feedback.sign"]
        sign.write({"employee_id": False, "department_id": False})
        for user in (self.user_expert, self.user_manager):
            self.assertIn(sign, self.env[sign._name].with_user(user).search([]))
