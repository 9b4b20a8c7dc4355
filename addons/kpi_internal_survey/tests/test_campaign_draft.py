from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests.common import tagged
from odoo.tools import mute_logger

from .campaign_common import CampaignCase


@tagged("post_install", "-at_install")
class TestCampaignDraft(CampaignCase):
    # -------------------------------------------------------------- template
    def test_a_new_campaign_begins_with_the_ten_criteria(self):
        self.assertEqual(
            {
                group.name: group.criterion_ids.mapped("key")
                for group in self.next.group_ids
            },
            {
                "Attitude": ["answers", "responsibility", "support"],
                "Execution": ["promptness", "commitments", "solutions"],
                "Communication": [
                    "respect",
                    "willingness",
                    "information",
                    "availability",
                ],
            },
        )
        self.assertEqual(self.next.criterion_ids, self.next.group_ids.criterion_ids)
        self.assertTrue(all(self.next.criterion_ids.mapped("hint")))

    def test_a_new_campaign_begins_with_the_scale_and_the_rules(self):
        self.assertEqual(
            [(b.key, b.mark_from, b.mark_to) for b in self.next.band_ids],
            [
                ("far", 10, 10),
                ("exceeds", 9, 9),
                ("meets", 7, 8),
                ("partly", 5, 6),
                ("not", 1, 4),
            ],
        )
        self.assertEqual(
            [(rule.rater_kind, rule.rated_kind) for rule in self.next.rule_ids],
            [("regional", "head_office"), ("head_office", "head_office")],
        )
        self.assertIn("voluntary and anonymous", self.next.opening_text)

    def test_the_template_speaks_every_language_that_is_installed(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        campaigns = self.env["kpi.survey.campaign"].with_context(lang="ru_RU")
        campaign = campaigns.create(
            {"name": "Цикл", "date_from": "2026-01-01", "date_to": "2026-01-20"}
        )
        for record, field in (
            (campaign.group_ids[0], "name"),
            (campaign.criterion_ids[0], "hint"),
            (campaign.band_ids[0], "name"),
        ):
            stored = record._fields[field]._get_stored_translations(record)
            self.assertEqual(set(stored), {"en_US", "ru_RU"})
        self.assertEqual(
            campaign.with_context(lang="en_US").group_ids[0].name, "Attitude"
        )

    def test_what_is_given_is_not_replaced(self):
        campaign = self.create_next(
            group_ids=[
                Command.create(
                    {
                        "name": "All",
                        "criterion_ids": [Command.create({"name": "Speed"})],
                    }
                )
            ],
            opening_text="<p>Hello</p>",
        )
        self.assertEqual(campaign.criterion_ids.mapped("key"), ["speed"])
        self.assertEqual(campaign.criterion_ids.campaign_id, campaign)
        self.assertEqual(campaign.opening_text, "<p>Hello</p>")
        self.assertEqual(len(campaign.band_ids), 5, "the rest is filled in")

    # ---------------------------------------------------------------- checks
    def test_fewer_than_three_people_never_stand_behind_a_figure(self):
        self.next.minimum = 3
        with self.assertRaisesRegex(ValidationError, "At least 3 people"):
            self.next.minimum = 2

    def test_a_campaign_ends_after_its_start(self):
        self.next.date_to = self.next.date_from
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.next.write({"date_to": "2026-11-01"})
            self.next.flush_recordset()

    def test_extremes_are_within_the_scale_and_apart(self):
        for low, high in ((2, 10), (0, 11), (1, 2)):
            self.next.write({"low_limit": low, "high_limit": high})
        for low, high in ((5, 5), (-1, 10), (2, 12), (9, 3)):
            with self.subTest(low=low, high=high):
                with self.assertRaisesRegex(ValidationError, "Extremely low ends"):
                    self.next.write({"low_limit": low, "high_limit": high})

    def test_everybody_has_one_to_five_votes(self):
        for count in (1, 5):
            self.next.vote_count = count
        for count in (0, 6):
            with self.assertRaisesRegex(ValidationError, "one to 5 votes"):
                self.next.vote_count = count

    def test_the_bands_cover_the_scale_once(self):
        partly = self.next.band_ids.filtered(lambda band: band.key == "partly")
        with self.assertRaisesRegex(ValidationError, "mark 5 belongs to no band"):
            self.next.band_ids = [Command.update(partly.id, {"mark_from": 6})]
        with self.assertRaisesRegex(
            ValidationError, "mark 7 belongs to several bands.*Meets.*Partly"
        ):
            self.next.band_ids = [
                Command.update(partly.id, {"mark_from": 5, "mark_to": 7})
            ]

    def test_bands_may_be_changed_together(self):
        by_key = {band.key: band for band in self.next.band_ids}
        self.next.band_ids = [
            Command.update(by_key["partly"].id, {"mark_from": 4}),
            Command.update(by_key["not"].id, {"mark_to": 3}),
        ]
        self.assertIsNone(self.next._wrong_scale())

    def test_a_gap_made_behind_the_form_stops_the_agreement(self):
        self.next.band_ids[0].unlink()
        with self.assertRaisesRegex(UserError, "mark 10 belongs to no band"):
            self.next.action_agree()

    def test_keys_of_criteria_are_unique(self):
        criteria = self.next.criterion_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            criteria[0].key = criteria[1].key
            criteria.flush_recordset()

    def test_a_criterion_stays_in_its_campaign(self):
        other = self.create_next()
        with self.assertRaisesRegex(ValidationError, "belongs to another campaign"):
            self.next.criterion_ids[0].group_id = other.group_ids[0]

    # ------------------------------------------------------------------ copy
    def test_a_duplicate_is_a_draft_of_its_own(self):
        self.next.criterion_ids[0].name = "Ours"
        copy = self.next.copy()
        self.assertEqual(copy.criterion_ids[0].name, "Ours")
        self.assertEqual(len(copy.criterion_ids), 10)
        self.assertEqual(len(copy.band_ids), 5)
        self.assertEqual(len(copy.rule_ids), 2)
        self.assertFalse(copy.criterion_ids & self.next.criterion_ids)
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.previous_id)
        self.assertNotEqual(copy.access_token, self.next.access_token)

    def test_the_next_cycle_asks_the_same_and_for_comments(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        first = self.create_next(name="Service 2026", minimum=7, vote_count=3)
        first.with_context(lang="ru_RU").name = "Сервис 2026"
        first.band_ids[0].with_context(lang="ru_RU").name = "Отлично"
        tag = self.env["kpi.survey.unit.tag"].create({"name": "Backing (test)"})
        first.rule_ids[0].rated_tag_ids = tag
        self._set_state(first, "published")
        following = first.browse(
            first.with_user(self.manager).action_copy_next()["res_id"]
        )
        self.assertRecordValues(
            following,
            [
                {
                    "name": "Service 2027",
                    "state": "draft",
                    "previous_id": first.id,
                    "date_from": date(2027, 11, 2),
                    "date_to": date(2027, 11, 20),
                    "comment_rule": "required",
                    "minimum": 7,
                    "vote_count": 3,
                }
            ],
        )
        for part in ("criterion_ids", "band_ids"):
            self.assertEqual(following[part].mapped("key"), first[part].mapped("key"))
        self.assertEqual(following.rule_ids[0].rated_tag_ids, tag)
        self.assertEqual(following.opening_text, first.opening_text)
        russian = following.with_context(lang="ru_RU")
        self.assertEqual(russian.name, "Сервис 2027")
        self.assertEqual(russian.band_ids[0].name, "Отлично")

    def test_the_rhythm_of_the_cycles_goes_on(self):
        first = self.create_next(name="Round", date_from="2026-05-02")
        first.date_to = "2026-05-20"
        self.next.previous_id = first
        self.next.name = "Round (2)"
        self._set_state(self.next, "closed")
        following = self.next._copy_next()
        self.assertEqual(following.date_from, date(2027, 5, 2))
        self.assertEqual(following.date_to, date(2027, 5, 20))
        self.assertEqual(following.name, "Round (3)")

    def test_the_next_cycle_comes_after_this_one(self):
        with self.assertRaisesRegex(UserError, "is not closed"):
            self.next.action_copy_next()
