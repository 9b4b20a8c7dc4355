from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tests.common import freeze_time, tagged

from .campaign_common import CampaignCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-02 09:00:00")
class TestCampaignStart(CampaignCase):
    def add_people(self, department, count, **values):
        return self.env["hr.employee"].create(
            [
                {
                    "name": f"New {number}",
                    "company_id": self.company.id,
                    "department_id": department.id,
                    "work_email": f"new.{department.id}.{number}@survey.example.com",
                    **values,
                }
                for number in range(count)
            ]
        )

    def create_department(self, name, parent=None, **values):
        return self.env["hr.department"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "parent_id": parent and parent.id,
                **values,
            }
        )

    def queries(self, function, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    # ----------------------------------------------------------------- units
    def test_people_belong_to_the_nearest_unit_above(self):
        team = self.create_department("Team", self.department_it)
        part = self.create_department("Part", team)
        lab = self.create_department("Lab", team, kpi_is_unit=True)
        bench = self.create_department("Bench", lab)
        lonely = self.create_department("Lonely")
        units = self.env["hr.department"]._kpi_units(self.company)
        self.assertEqual(
            [units.get(d.id) for d in (team, part, lab, bench, lonely)],
            [self.department_it.id] * 2 + [lab.id] * 2 + [None],
        )

    def test_a_unit_of_the_archive_is_none(self):
        team = self.create_department("Team", self.department_it, kpi_is_unit=True)
        part = self.create_department("Part", team)
        team.active = False
        units = self.env["hr.department"]._kpi_units(self.company)
        self.assertEqual(units[part.id], self.department_it.id)

    def test_a_unit_needs_a_company_and_a_kind(self):
        with self.assertRaisesRegex(ValidationError, "belongs to no company"):
            self.create_department("Common", company_id=False, kpi_is_unit=True)
        with self.assertRaisesRegex(ValidationError, "head office or a"):
            self.department_it.kpi_unit_kind = False

    def test_the_head_count_contains_departments_below(self):
        team = self.create_department("Team", self.department_it)
        self.add_people(team, 3)
        self.env.invalidate_all()
        self.assertEqual(self.department_it.kpi_head_count, 9)
        self.assertEqual(self.department_hr.kpi_head_count, 6)
        self.assertEqual(team.kpi_head_count, 0, "is no unit")

    # --------------------------------------------------------------- preview
    def test_the_preview_says_who_would_take_part(self):
        self.employees["legal"][2:].department_id = False
        self.employees["hr"][3].work_email = False
        self.assertRecordValues(
            self.next,
            [
                {
                    "to_invite_count": 50,
                    "small_count": 1,
                    "outside_count": 4,
                    "without_email_count": 1,
                }
            ],
        )
        self.assertEqual(len(self.next.unit_to_be_ids), 9)
        action = self.next.action_open_outside()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]).mapped("id"),
            self.employees["legal"][2:].ids,
        )

    def test_the_address_of_the_work_comes_first(self):
        employee = self.employees["it"][1]
        self.assertEqual(self.next._email_of(employee), "it.2@survey.example.com")
        employee.write({"work_email": False, "private_email": "Home <me@home.example>"})
        self.assertEqual(self.next._email_of(employee), "me@home.example")
        employee.private_email = "two@home.example, three@home.example"
        self.assertFalse(self.next._email_of(employee), "would reach two people")

    # -------------------------------------------------------------- snapshot
    def test_the_start_writes_down_who_takes_part(self):
        self.employees["legal"][4].active = False
        self.employees["legal"][5].work_email = False
        self.add_people(self.department_north, 1, company_id=self.company_abroad.id)
        units = self.start()
        self.assertEqual(self.next.state, "running")
        self.assertEqual(
            {department.name: unit.invited for department, unit in units.items()},
            {name.title(): 6 for name in self.HEAD_OFFICE + self.REGIONAL}
            | {"Legal": 5},
        )
        participants = units[self.department_legal].campaign_id.participant_ids
        self.assertEqual(len(participants), 53)
        legal = participants.filtered(
            lambda row: row.unit_id == units[self.department_legal]
        )
        self.assertEqual(
            legal.employee_id, self.employees["legal"][:4] | self.employees["legal"][5]
        )
        self.assertEqual(legal.mapped("has_email"), [True] * 4 + [False])
        ballots = self.env["kpi.survey.ballot"].search(
            [("campaign_id", "=", self.next.id)]
        )
        self.assertEqual(
            {unit: len(rows) for unit, rows in ballots.grouped("unit_id").items()},
            {unit: unit.invited for unit in units.values()},
        )
        self.assertTrue(self.env["kpi.survey.key"]._is_there(self.next))
        self.assertEqual(
            self.env["mail.mail"].search_count(
                [
                    ("kpi_campaign_id", "=", self.next.id),
                    ("kpi_letter", "=", "invitation"),
                ]
            ),
            52,
        )

    def test_what_moves_after_the_start_changes_nothing(self):
        tag = self.env["kpi.survey.unit.tag"].create({"name": "Backing (test)"})
        self.department_it.kpi_unit_tag_ids = tag
        it = self.start()[self.department_it]
        rated = self.next._rated_units(it)
        candidates = self.next._vote_candidates(it)
        self.employees["hr"][1:4].department_id = self.department_it
        self.department_it.write(
            {
                "name": "Machines",
                "kpi_unit_kind": "regional",
                "kpi_unit_tag_ids": [Command.clear()],
                "kpi_is_unit": False,
            }
        )
        self.env.invalidate_all()
        self.assertRecordValues(
            it, [{"name": "It", "kind": "head_office", "invited": 6}]
        )
        self.assertEqual(it.tag_ids, tag)
        self.assertEqual(self.next._rated_units(it), rated)
        self.assertEqual(self.next._vote_candidates(it), candidates)
        self.assertEqual(len(self.next.participant_ids), 54)

    def test_a_unit_without_people_is_left_out(self):
        empty = self.create_department("Empty", kpi_is_unit=True)
        self.assertNotIn(empty, self.start())

    def test_units_of_the_same_name_are_told_apart(self):
        for place in (self.department_north, self.department_south):
            cash = self.create_department(
                "Cash", place, kpi_is_unit=True, kpi_unit_kind="regional"
            )
            self.add_people(cash, 1)
        units = self.start()
        self.assertEqual(
            sorted(u.name for u in units.values() if "Cash" in u.name),
            ["North / Cash", "South / Cash"],
        )

    # ------------------------------------------------------------ who whom
    def rated(self, unit):
        return set(self.next._rated_units(unit).mapped("name"))

    def test_the_rules_of_the_template(self):
        units = self.start()
        head_office = {name.title() for name in self.HEAD_OFFICE}
        self.assertEqual(self.rated(units[self.department_north]), head_office)
        self.assertEqual(self.rated(units[self.department_it]), head_office - {"It"})

    def test_rules_by_tags(self):
        support, sales = self.env["kpi.survey.unit.tag"].create(
            [{"name": "Backing (test)"}, {"name": "Selling (test)"}]
        )
        for department in (self.department_it, self.department_hr):
            department.kpi_unit_tag_ids = support
        self.department_marketing.kpi_unit_tag_ids = sales | support
        self.next.rule_ids = [
            Command.clear(),
            Command.create({"rater_tag_ids": sales.ids, "rated_tag_ids": support.ids}),
            Command.create(
                {"rater_kind": "regional", "rated_tag_ids": (sales | support).ids}
            ),
        ]
        units = self.start()
        self.assertEqual(self.rated(units[self.department_marketing]), {"It", "Hr"})
        self.assertEqual(
            self.rated(units[self.department_west]), {"It", "Hr", "Marketing"}
        )
        self.assertEqual(self.rated(units[self.department_it]), set())

    def test_an_empty_rule_lets_all_rate_all_others(self):
        self.next.rule_ids = [Command.clear(), Command.create({})]
        units = self.start()
        self.assertEqual(len(self.next._rated_units(units[self.department_west])), 8)

    def test_colleagues_of_other_units_of_the_head_office_may_be_named(self):
        units = self.start()
        candidates = self.next._vote_candidates(units[self.department_it])
        expected = self.env["hr.employee"].union(
            *(self.employees[n] for n in self.HEAD_OFFICE if n != "it")
        )
        self.assertEqual(set(candidates), set(expected))

    def test_all_colleagues_of_other_units_when_the_campaign_says_so(self):
        self.next.vote_scope = "all"
        units = self.start()
        candidates = self.next._vote_candidates(units[self.department_it])
        self.assertEqual(len(candidates), 48)
        self.assertFalse(candidates & self.employees["it"])

    # --------------------------------------------------------------- queries
    def test_queries_do_not_grow_with_the_people(self):
        other = self.create_next(name="Other")
        few = self.queries(self.next._snapshot)
        self.add_people(self.department_west, 40)
        many = self.queries(other._snapshot)
        self.assertEqual(len(other.participant_ids), 94)
        self.assertLessEqual(many, few)
        for method in (other._rated_units, other._vote_candidates):
            unit = self.next.unit_ids[0]
            small = self.queries(getattr(self.next, method.__name__), unit)
            self.assertEqual(self.queries(method, other.unit_ids[0]), small)
            self.assertLess(small, 12)

    # -------------------------------------------------------------- test run
    def test_a_test_run_uses_the_units_and_keeps_nothing(self):
        action = self.next.with_user(self.manager).action_test_run()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        self.assertEqual(wizard.company_id, self.company)
        testers = self.env["hr.employee.public"].browse(self.employees["hr"][:2].ids)
        for tester in testers:
            wizard.employee_ids.add(tester)
        wizard.save().action_invite()
        letters = self.env["mail.mail"].search(
            [("kpi_campaign_id", "=", self.next.id), ("kpi_letter", "=", "test")]
        )
        self.assertEqual(
            set(letters.mapped("email_to")), set(testers.mapped("work_email"))
        )
        self.assertEqual(len(self.next.unit_ids), 9)
        self.assertFalse(self.next.participant_ids)
        code = self.env["kpi.survey.key"]._test_code(self.next)
        answer = self.ballot(self.next.unit_ids[0], {})
        answer["ratings"] = [
            {
                "unit": self.next._rated_units(self.next._admit(code)[0])[0].id,
                "marks": {str(self.next.criterion_ids[0].id): 7},
                "comment": "",
            }
        ]
        answer["unit"] = self.next._admit(code)[0].id
        self.next._submit(code, answer)
        self.assertEqual(self.next.test_count, 1)
        self.assertFalse(
            self.env["kpi.survey.sealed"].search_count(
                [("campaign_id", "=", self.next.id)]
            )
        )
        trial = self.next.unit_ids
        self.employees["west"].department_id = self.department_north
        units = self.start()
        self.assertFalse(trial.exists(), "the start takes the units anew")
        self.assertEqual(len(units), 8)
        with self.assertRaisesRegex(UserError, "has started"):
            self.next.action_test_run()

    def test_testers_are_of_the_company_of_the_campaign(self):
        companies = self.company + self.company_abroad
        self.manager.company_ids = companies
        stranger = self.env["hr.employee"].create(
            {"name": "Stranger", "company_id": self.company_abroad.id}
        )
        wizards = (
            self.env["kpi.survey.test.run"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=companies.ids)
        )
        values = {"campaign_id": self.next.id}
        own = self.employees["hr"][:2].ids
        for ids in (stranger.ids, [*own, stranger.id]):
            with self.assertRaisesRegex(UserError, "belongs to another company"):
                wizards.create({**values, "employee_ids": [Command.set(ids)]})
        wizard = wizards.create({**values, "employee_ids": [Command.set(own)]})
        self.env["hr.employee"].browse(own).company_id = self.company_abroad
        self.env.flush_all()
        self.env.invalidate_all()  # testers are a view of the employees
        with self.assertRaisesRegex(UserError, "belongs to another company"):
            wizard.action_invite()
        self.assertFalse(
            self.env["mail.mail"].search_count([("kpi_letter", "=", "test")])
        )

    def test_the_form_can_be_tried_by_whoever_prepares_it(self):
        action = self.next.with_user(self.manager).action_try_form()
        code = self.env["kpi.survey.key"]._test_code(self.next)
        self.assertEqual(action["url"], f"/kpi/survey/{self.next.access_token}#{code}")

    def test_a_test_run_needs_units(self):
        self.env["hr.department"].browse(
            [d.id for d in self.departments.values()]
        ).kpi_is_unit = False
        with self.assertRaisesRegex(UserError, "not two units"):
            self.next.action_test_run()
