from odoo.exceptions import AccessError
from odoo.tests.common import freeze_time, tagged

from .campaign_common import CampaignCase


@tagged("post_install", "-at_install")
@freeze_time("2026-11-02 09:00:00")
class TestCampaignAccess(CampaignCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.next._set_state("agreed")
        cls.next._start()
        cls.units = {unit.department_id: unit for unit in cls.next.unit_ids}

    # --------------------------------------------------------- participation
    def shown(self, user):
        units = self.next.unit_ids.with_user(user)
        return {
            unit.name: unit.submitted
            for unit in units
            if not unit.is_participation_hidden
        }

    def test_hr_and_the_board_see_the_participation_of_all_units(self):
        self.answered({department: 6 for department in self.departments.values()})
        everywhere = {d.name: 6 for d in self.departments.values()}
        for user in (self.manager, self.board):
            self.assertEqual(self.shown(user), everywhere)
            self.assertRecordValues(
                self.next.with_user(user),
                [
                    {
                        "invited_count": 54,
                        "submitted_count": 54,
                        "submitted_percent": 100,
                    }
                ],
            )

    def test_a_director_sees_that_of_the_own_unit(self):
        self.answered({department: 6 for department in self.departments.values()})
        self.assertEqual(self.shown(self.director), {"It": 6})
        action = self.next.with_user(self.director).action_participation()
        units = self.env["kpi.survey.unit"].with_user(self.director)
        self.assertEqual(units.search(action["domain"]), self.units[self.department_it])

    def test_an_employee_sees_none(self):
        with self.assertRaises(AccessError):
            self.next.unit_ids.with_user(self.outsider).read(["submitted"])
        with self.assertRaises(AccessError):
            self.next.with_user(self.outsider).read(["submitted_count"])

    def test_too_few_answers_are_not_shown_nor_to_be_worked_out(self):
        """Legal alone would be the total less the others: Risk hides with it."""
        numbers = {department: 6 for department in self.departments.values()}
        numbers |= {self.department_legal: 4, self.department_risk: 5}
        self.answered(numbers)
        shown = self.shown(self.manager)
        self.assertNotIn("Legal", shown)
        self.assertNotIn("Risk", shown)
        self.assertEqual(len(shown), 7)
        participation = self.next._participation()
        self.assertEqual(participation[self.units[self.department_legal]], (6, None))
        self.assertEqual(participation[self.units[self.department_it]], (6, 6))

    def test_a_total_of_few_is_not_shown(self):
        self.answered({self.department_legal: 4})
        self.assertEqual(self.next.with_user(self.manager).submitted_count, 0)
        self.assertEqual(self.shown(self.manager), {})

    # ----------------------------------------------------------------- people
    def test_who_is_invited_is_hrs_business(self):
        model = self.env["kpi.survey.participant"]
        self.assertEqual(
            model.with_user(self.manager).search_count(
                [("campaign_id", "=", self.next.id)]
            ),
            54,
        )
        for user in (self.board, self.director, self.outsider):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    model.with_user(user).search([])
                with self.assertRaises(AccessError):
                    model.with_user(user)._read_group([], ["unit_id"], ["__count"])
                with self.assertRaises(AccessError):
                    self.next.with_user(user).read(["participant_ids"])
                with self.assertRaises(AccessError):
                    self.next.with_user(user).search(
                        [("participant_ids.employee_id.name", "ilike", "a")]
                    )

    def test_an_address_may_be_private_so_it_is_not_the_managers(self):
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        rows = self.next.participant_ids.with_user(self.manager)
        self.assertTrue(all(rows.mapped("has_email")))
        with self.assertRaises(AccessError):
            rows.read(["email"])
        with self.assertRaises(AccessError):
            rows.search([("email", "ilike", "hr")])
        with self.assertRaises(AccessError):
            rows.export_data(["email"])

    def test_units_and_people_are_written_by_nobody(self):
        unit = self.units[self.department_it]
        person = self.next.participant_ids[0]
        for user in (self.manager, self.board, self.director, self.outsider):
            for record, values in (
                (unit, {"invited": 1}),
                (unit, {"kind": "regional"}),
                (person, {"unit_id": self.units[self.department_hr].id}),
            ):
                with self.subTest(user=user.login, values=values):
                    record = record.with_user(user)
                    with self.assertRaises(AccessError):
                        record.write(values)
                    with self.assertRaises(AccessError):
                        record.unlink()
                    with self.assertRaises(AccessError):
                        record.create({"campaign_id": self.next.id, **values})

    # -------------------------------------------------------------- companies
    def test_what_is_prepared_is_written_by_hr_alone(self):
        draft = self.create_next()
        for user in (self.board, self.director, self.outsider):
            for record in (
                draft,
                draft.group_ids[0],
                draft.criterion_ids[0],
                draft.band_ids[0],
                draft.rule_ids[0],
            ):
                mine = record.with_user(user)
                values = {"campaign_id": draft.id}
                with self.subTest(user=user.login, model=record._name):
                    with self.assertRaises(AccessError):
                        mine.write({"name": "Mine"} if record == draft else values)
                    with self.assertRaises(AccessError):
                        mine.unlink()
                    with self.assertRaises(AccessError):
                        mine.create(values)
            self.assertFalse(draft.with_user(user).obstacle)
            for field in ("to_invite_count", "unasked_ids", "test_findings"):
                with self.assertRaises(AccessError):
                    draft.with_user(user).read([field])

    def test_a_company_does_not_see_anothers_campaigns(self):
        manager = self._create_user(
            "manager_abroad",
            "kpi_quality.group_kpi_quality_manager",
            self.company_abroad,
        )
        for name in (
            "campaign",
            "criterion",
            "criterion.group",
            "band",
            "rule",
            "agreement",
            "unit",
            "participant",
        ):
            model = self.env[f"kpi.survey.{name}"]
            records = model.search([("company_id", "=", self.company.id)], limit=1)
            for user in (manager, self.board_abroad):
                with self.subTest(model=name, user=user.login):
                    if name == "agreement" or (
                        name == "participant" and user == self.board_abroad
                    ):
                        continue
                    foreign = model.with_user(user).with_context(
                        allowed_company_ids=user.company_ids.ids
                    )
                    self.assertTrue(records)
                    self.assertFalse(
                        foreign.search([("company_id", "=", self.company.id)])
                    )
                    with self.assertRaises(AccessError):
                        foreign.browse(records.ids).read(["display_name"])

    def test_a_campaign_is_not_handed_to_another_company(self):
        draft = self.create_next()
        with self.assertRaises(AccessError):
            draft.with_user(self.manager).company_id = self.company_abroad

    def test_a_campaign_of_another_company_is_not_the_cycle_before(self):
        abroad = self.create_next(company_id=self.company_abroad.id)
        units = self.env["hr.department"]._kpi_units(self.company_abroad)
        self.assertFalse(units)
        self.assertFalse(abroad._people().by_unit)

    # ------------------------------------------------------------ departments
    def test_the_manager_keeps_units_but_not_departments(self):
        department = self.department_it.with_user(self.manager)
        department.web_save(
            {"kpi_is_unit": False, "kpi_unit_kind": "regional"}, {"kpi_is_unit": {}}
        )
        self.assertFalse(self.department_it.kpi_is_unit)
        for values in ({"name": "Mine"}, {"kpi_is_unit": True, "name": "Mine"}):
            with self.assertRaises(AccessError):
                department.write(values)
        for user in (self.board, self.director, self.outsider):
            with self.assertRaises(AccessError):
                self.department_it.with_user(user).kpi_is_unit = True
        foreign = self.env["hr.department"].create(
            {"name": "Abroad", "company_id": self.company_abroad.id}
        )
        with self.assertRaises(AccessError):
            foreign.with_user(self.manager).kpi_is_unit = True
