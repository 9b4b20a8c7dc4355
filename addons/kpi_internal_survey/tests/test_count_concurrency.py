"""Answers on their way while a survey is closed and counted: really committed."""

from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import tagged

from ..models.kpi_survey_campaign_submission import Refused
from .committed_common import CommittedSurvey


@tagged("post_install", "-at_install")
class TestCountConcurrency(CommittedSurvey):
    def codes(self, campaign_id=None):
        with self.committed() as env:
            people = self.people(env, campaign_id)
            return [(person.id, code) for person, code in people.items()]

    def assertCounted(self, answers):
        """As many as were sent, none of them lost or twice."""
        with self.committed() as env:
            campaign = self.campaign(env)
            self.assertTrue(campaign.is_counted)
            ballots = env["kpi.survey.ballot"]._submitted_by_unit(campaign)
            self.assertEqual(sum(ballots.values()), answers)
            total = env["kpi.survey.result"].search(
                [("campaign_id", "=", campaign.id), ("unit_id", "=", False)]
            )
            self.assertEqual(total.respondents, answers * (self.UNITS - 1))
            self.assertFalse(campaign.activity_ids)
            env.cr.execute(
                "SELECT COUNT(*) FROM kpi_survey_sealed WHERE campaign_id = %s",
                campaign.ids,
            )
            self.assertEqual(env.cr.fetchone(), (0,))

    def close_and_count(self, env):
        retrying(partial(self.close, env), env)
        env.cr.commit()
        self.count(env)

    def test_an_answer_under_way_when_it_is_closed_counts(self):
        first, *others = self.codes()
        for one in others:
            self.submit_committed(*one)
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            self.submit(env, *first)
            outcome = self.in_thread(self.close_and_count)
            self.wait_for_somebody_waiting(cursor)
            cursor.commit()
            self.assertIsNone(outcome())
        self.assertCounted(len(others) + 1)

    def test_who_saw_it_open_and_sends_after_the_count_is_told(self):
        first, *others = self.codes()
        for one in others:
            self.submit_committed(*one)
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            self.assertEqual(self.campaign(env).state, "running")  # his snapshot
            self.assertIsNone(self.in_thread(self.close_and_count)())
            with self.assertRaises(Refused) as caught:
                retrying(partial(self.submit, env, *first), env)
        self.assertEqual(caught.exception.reason, "over")
        self.assertCounted(len(others))

    def test_an_answer_to_another_survey_under_way_stays(self):
        """Its box is committed while the count waits for the table: it is seen."""
        for one in self.codes():
            self.submit_committed(*one)
        with self.committed() as env:
            self.close(env)
            next_id = self.create_campaign(env, "KPI Committed, the next")
        first, second, *_others = self.codes(next_id)
        self.submit_committed(*first)
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, SUPERUSER_ID, {})
            self.submit(env, *second)
            outcome = self.in_thread(self.count)
            self.wait_for_somebody_waiting(cursor)
            cursor.commit()
            self.assertIsNone(outcome())
        self.assertCounted(self.UNITS * self.PEOPLE)
        with self.committed() as env:
            following = self.campaign(env, next_id)
            boxes = following._sealed_boxes()
            self.assertEqual(len(following._open_boxes(boxes)), 2)

    def test_two_counts_at_once(self):
        for one in self.codes():
            self.submit_committed(*one)
        with self.committed() as env:
            self.close(env)
        outcomes = [self.in_thread(self.count) for _worker in range(3)]
        self.assertEqual([outcome() for outcome in outcomes], [None] * 3)
        self.assertCounted(self.UNITS * self.PEOPLE)
