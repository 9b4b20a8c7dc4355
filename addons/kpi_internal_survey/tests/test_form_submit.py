from odoo.tests import tagged

from ..models.kpi_survey_campaign_submission import Refused
from .form_common import FormCase


@tagged("post_install", "-at_install")
class TestFormSubmit(FormCase):
    def submit(self, unit, marks, code=None, **more):
        return self.campaign._submit(
            code or self.code(unit), self.answer(unit, marks, **more)
        )

    def check_refused(self, reason, *args, **kwargs):
        with self.assertRaises(Refused) as caught:
            self.submit(*args, **kwargs)
        self.assertEqual(caught.exception.reason, reason)
        self.assertTrue(str(caught.exception))

    # ----------------------------------------------------------------- counted
    def test_counted_and_sealed(self):
        voted = self.employees["it"][:2]
        reply = self.submit(
            self.hr, {self.hr: 6, self.it: [9, None, 8, 7]}, votes=voted
        )
        self.assertEqual(reply, {"state": "counted", "is_new": True})
        self.assertEqual(self.submitted(), {self.hr.id: 1})
        ballot = self.ballot(
            self.hr, {self.it: [9, None, 8, 7], self.hr: 6}, votes=voted
        )
        ballot["ratings"].sort(key=lambda item: item["unit"])
        self.assertEqual(self.opened(), [ballot])

    def test_no_mark_lies_open(self):
        """In no table, whatever it is called."""
        self.submit(self.hr, {self.it: 3}, comments={self.it: "Unheard-of words"})
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT s::TEXT FROM kpi_survey_sealed s WHERE campaign_id = %s",
            [self.campaign.id],
        )
        [[row]] = self.env.cr.fetchall()
        self.assertNotIn("Unheard-of words", row)
        self.assertNotIn('"marks"', row)
        for model in ("comment", "result", "cell", "best"):
            self.assertFalse(
                self.env[f"kpi.survey.{model}"].search_count(
                    [("campaign_id", "=", self.campaign.id)]
                )
            )

    def test_sent_again_it_is_counted_already(self):
        self.submit(self.hr, {self.it: 3})
        again = self.submit(self.hr, {self.it: 9})
        self.assertEqual(again, {"state": "counted", "is_new": False})
        self.assertEqual(self.submitted(), {self.hr.id: 1})
        [ballot] = self.opened()
        self.assertEqual(set(ballot["ratings"][0]["marks"].values()), {3})

    def test_codes_are_typed_as_people_type(self):
        code = self.code(self.hr).lower().replace("-", " ")
        self.submit(self.hr, {self.it: 3}, code=code)
        self.assertEqual(self.submitted(), {self.hr.id: 1})

    # ------------------------------------------------------------------ refused
    def test_unknown_codes(self):
        other = self._create_campaign("Other")
        self.env["kpi.survey.unit"].create(
            {
                "campaign_id": other.id,
                "department_id": self.department_it.id,
                "name": "It",
                "kind": "head_office",
            }
        )
        for code in (
            "",
            "0" * 16,
            "\0" * 16,
            self.key._test_code(self.campaign),
            self.key._test_code(other),
        ):
            with self.subTest(code=code), self.assertRaises(Refused) as caught:
                self.campaign._submit(code, self.answer(self.hr, {self.it: 3}))
            self.assertEqual(caught.exception.reason, "code")

    def test_only_while_it_runs(self):
        code = self.code(self.hr)
        for state, reason in (
            ("draft", "soon"),
            ("agreed", "soon"),
            ("closed", "over"),
            ("published", "over"),
        ):
            self._set_state(self.campaign, state)
            self.check_refused(reason, self.hr, {self.it: 3}, code=code)
        self.assertFalse(self.opened())

    def test_rules_of_who_rates_whom(self):
        self.check_refused("unit", self.hr, {self.north: 3})
        self.submit(self.north, {self.north: 3, self.hr: 4})

    def test_votes_are_for_others_of_the_head_office(self):
        self.check_refused("vote", self.hr, {self.it: 3}, votes=self.employees["hr"][0])
        north = self.employees["north"][0]
        self.check_refused("vote", self.hr, {self.it: 3}, votes=north)
        self.campaign.vote_scope = "all"
        self.submit(self.hr, {self.it: 3}, votes=north)

    def test_number_of_votes(self):
        self.campaign.vote_count = 2
        self.check_refused(
            "votes", self.hr, {self.it: 3}, votes=self.employees["it"][:3]
        )

    def test_explain_extremes(self):
        self.campaign.comment_rule = "required"
        self.check_refused("comment_missing", self.hr, {self.it: 2, self.legal: 5})
        self.check_refused("comment_missing", self.hr, {self.it: 10})
        self.campaign.low_limit, self.campaign.high_limit = 1, 11
        self.submit(self.hr, {self.it: 2, self.legal: 10})

    def test_words_name_the_unit(self):
        self.campaign.comment_rule = "required"
        with self.assertRaisesRegex(Refused, "^It: explain"):
            self.submit(self.hr, {self.it: 1})

    def test_a_refused_answer_leaves_the_ballot_unused(self):
        self.check_refused("empty", self.hr, {})
        self.assertFalse(self.submitted())
        self.submit(self.hr, {self.it: 3})

    # --------------------------------------------------------------------- form
    def test_form_shows_what_rules_allow(self):
        form = self.campaign._form(self.code(self.north))
        self.assertEqual(form["state"], "open")
        self.assertEqual(form["unit"]["id"], self.north.id)
        self.assertEqual({u["id"] for u in form["units"]}, set(self.head_office.ids))
        self.assertEqual(
            {person["unit"] for person in form["colleagues"]},
            {unit.name for unit in self.head_office},
        )
        form = self.campaign._form(self.code(self.hr))
        allowed = self.head_office - self.hr
        self.assertEqual({u["id"] for u in form["units"]}, set(allowed.ids))
        self.assertNotIn("Hr", {person["unit"] for person in form["colleagues"]})
        self.assertEqual(len(form["colleagues"]), 6 * len(allowed))

    def test_used_code_shows_nothing(self):
        self.submit(self.hr, {self.it: 3})
        self.assertEqual(self.campaign._form(self.code(self.hr)), {"state": "counted"})

    def test_form_does_not_know_who_asks(self):
        forms = [self.campaign._form(self.code(self.hr, n)) for n in range(3)]
        self.assertEqual(forms[0], forms[1])
        self.assertEqual(forms[0], forms[2])

    # ----------------------------------------------------------------- test run
    def test_test_run_keeps_a_number_only(self):
        code = self.key._test_code(self.campaign)
        real = self.code(self.hr)
        for state in ("draft", "agreed"):
            self._set_state(self.campaign, state)
            form = self.campaign._form(code)
            self.assertEqual(form["state"], "test")
            self.assertEqual(len(form["colleagues"]), 5 * 6)
            unit = self.campaign.unit_ids.browse(form["unit"]["id"])
            rated = self.campaign.unit_ids.browse(form["units"][0]["id"])
            self.assertEqual(
                self.submit(unit, {rated: 5}, code=code),
                {"state": "tested", "is_new": True},
            )
            with self.assertRaises(Refused):
                self.submit(unit, {rated: 50}, code=code)
            self.check_refused("soon", self.hr, {self.it: 3}, code=real)
        self.assertEqual(self.campaign.test_count, 2)
        self.assertFalse(self.opened())
        self.assertFalse(self.submitted())

    def test_no_units_no_test_run(self):
        campaign = self._create_campaign("Empty")
        with self.assertRaises(Refused) as caught:
            campaign._form(self.key._test_code(campaign))
        self.assertEqual(caught.exception.reason, "soon")
