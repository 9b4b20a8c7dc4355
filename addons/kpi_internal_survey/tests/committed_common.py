"""A survey whose answers are really committed, one transaction each, and all undone."""

import threading
import time
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import get_db_name
from odoo.tests.common import BaseCase

from .test_ballot_key import use_folder

# Longer than any of it takes: a deadlock fails instead of hanging.
PATIENCE = 60


class CommittedSurvey(BaseCase):
    """``UNITS`` departments of ``PEOPLE`` people each, and a campaign that runs."""

    UNITS = 3
    PEOPLE = 6

    def setUp(self):
        super().setUp()
        # Requests are tried again after a random pause: the test does without.
        self.startPatcher(patch("odoo.service.model.time.sleep"))
        self.registry = Registry(get_db_name())
        self.addCleanup(self._delete_all)
        self.campaign_ids = []
        with self.committed() as env:
            use_folder(self, env)
            self._create_departments(env)
            self.campaign_id = self.create_campaign(env, "KPI Committed")

    @contextmanager
    def committed(self):
        with self.registry.cursor() as cr:
            context = {"tracking_disable": True, "mail_notrack": True}
            yield api.Environment(cr, SUPERUSER_ID, context)

    def _create_departments(self, env):
        self.company_id = env.ref("base.main_company").id
        departments = env["hr.department"].create(
            [
                {
                    "name": f"Committed {number}",
                    "company_id": self.company_id,
                    "kpi_is_unit": True,
                }
                for number in range(self.UNITS)
            ]
        )
        self.department_ids = departments.ids
        employees = env["hr.employee"].create(
            [
                {
                    "name": f"{department.name} {number}",
                    "company_id": self.company_id,
                    "department_id": department.id,
                    "work_email": f"{department.id}.{number}@survey.example.com",
                }
                for department in departments
                for number in range(self.PEOPLE)
            ]
        )
        self.employee_ids = employees.ids

    def create_campaign(self, env, name):
        campaign = env["kpi.survey.campaign"].create(
            {
                "name": name,
                "company_id": self.company_id,
                "date_from": "2025-01-01",
                "date_to": "2025-01-02",
                "rule_ids": [Command.create({})],
            }
        )
        self.campaign_ids.append(campaign.id)
        campaign._snapshot()
        env["kpi.survey.key"]._make(campaign)
        env["kpi.survey.ballot"]._issue(campaign)
        campaign.state = "running"
        return campaign.id

    def _delete_all(self):
        with self.committed() as env:
            env.cr.execute(
                "DELETE FROM kpi_survey_sealed WHERE campaign_id = ANY(%s)",
                [self.campaign_ids],
            )
            campaigns = env["kpi.survey.campaign"].browse(self.campaign_ids)
            campaigns.write({"state": "draft"})
            campaigns.unlink()
            employees = env["hr.employee"].browse(self.employee_ids)
            contacts, resources = employees.work_contact_id, employees.resource_id
            employees.unlink()
            resources.exists().unlink()
            contacts.exists().unlink()
            env["hr.department"].browse(self.department_ids).unlink()

    # ---------------------------------------------------------------- machinery
    def campaign(self, env, campaign_id=None):
        return env["kpi.survey.campaign"].browse(campaign_id or self.campaign_id)

    def people(self, env, campaign_id=None):
        """The participants in the order of their ids, with their codes."""
        campaign = self.campaign(env, campaign_id)
        participants = campaign.participant_ids.sorted("id")
        return env["kpi.survey.key"]._codes(campaign, participants)

    def answer(self, env, participant, mark=7, comment=""):
        """Rates all other units."""
        campaign = participant.campaign_id
        criteria = campaign.criterion_ids
        return {
            "ratings": [
                {
                    "unit": unit.id,
                    "marks": {str(criterion.id): mark for criterion in criteria},
                    "comment": comment if number == 0 else "",
                }
                for number, unit in enumerate(campaign.unit_ids - participant.unit_id)
            ]
        }

    def submit(self, env, participant_id, code, **values):
        participant = env["kpi.survey.participant"].browse(participant_id)
        answer = self.answer(env, participant, **values)
        return participant.campaign_id._submit(code, answer)["is_new"]

    def submit_committed(self, participant_id, code, **values):
        with self.committed() as env:
            return retrying(
                partial(self.submit, env, participant_id, code, **values), env
            )

    def close(self, env, campaign_id=None):
        self.campaign(env, campaign_id)._set_state("closed")

    def count(self, env):
        env["kpi.survey.campaign"]._count_closed()

    def in_thread(self, work):
        """Do something elsewhere, meanwhile, in a committed transaction.

        :return: a function that waits and gives the exception, or None
        """
        caught = []

        def run():
            try:
                with self.committed() as env:
                    work(env)
            except Exception as error:
                caught.append(error)

        thread = threading.Thread(target=run)
        thread.start()

        def outcome():
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive(), "blocked for ever")
            return caught[0] if caught else None

        return outcome

    def wait_for_somebody_waiting(self, cr):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            cr.execute(
                """
                SELECT COUNT(*)
                FROM pg_locks
                WHERE NOT granted
                    AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
                """
            )
            if cr.fetchone()[0]:
                return
        self.fail("nobody waits")
