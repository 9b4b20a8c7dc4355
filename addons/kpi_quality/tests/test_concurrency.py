"""Two people at once, with cursors of their own: what is here is really committed."""

import threading
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import get_db_name
from odoo.tests.common import BaseCase, tagged
from odoo.tools import mute_logger

# Longer than any of it takes: a deadlock fails instead of hanging.
PATIENCE = 60


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """One employee's January 2020, committed, and deleted again without a trace."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.addClassCleanup(cls._delete_all)
        with cls.registry.cursor() as cr:
            cls._create_all(api.Environment(cr, SUPERUSER_ID, {}))

    @classmethod
    def _create_all(cls, env):
        env = env(context={"tracking_disable": True, "no_reset_password": True})
        cls.created = []
        company = env.ref("base.main_company")
        groups = env.ref("kpi_quality.group_kpi_quality_payroll")
        cls.users = []
        for name in ("kpi_concurrent_1", "kpi_concurrent_2"):
            partner = cls._create(env, "res.partner", name=name)
            user = cls._create(
                env,
                "res.users",
                login=name,
                partner_id=partner.id,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
                group_ids=[Command.set((groups | env.ref("base.group_user")).ids)],
            )
            cls.users.append(user.id)
        employee = cls._create(
            env,
            "hr.employee",
            name="KPI Concurrent",
            company_id=company.id,
            date_version="2019-01-01",
            wage=1000,
        )
        cls.employee_id = employee.id
        indicator = cls._create(
            env,
            "kpi.indicator",
            code="t_concurrent",
            name="Concurrent",
            source="manual",
            company_id=company.id,
        )
        matrix = cls._create(
            env,
            "kpi.matrix",
            name="Concurrent",
            period_kind="other",
            line_ids=[
                Command.create(
                    {
                        "indicator_id": indicator.id,
                        "weight": 1,
                        "base": 80,
                        "plan": 100,
                        "challenge": 120,
                    }
                )
            ],
            assignment_ids=[Command.create({"employee_id": employee.id})],
        )
        scheme = cls._create(
            env,
            "kpi.bonus.scheme",
            name="Concurrent",
            matrix_ids=[Command.set(matrix.ids)],
            point_ids=[Command.create({"coefficient": 100, "percent": 100})],
            premium_kind="fixed",
            premium_amount=100,
        )
        period = cls._create(
            env,
            "kpi.period",
            kind="other",
            date_from="2020-01-01",
            date_to="2020-01-31",
        )
        cls._create(
            env,
            "kpi.measurement",
            indicator_id=indicator.id,
            date="2020-01-10",
            company_id=company.id,
            employee_id=employee.id,
            numerator=100,
        )
        period.action_generate_scorecards()
        period.action_measure()
        period.action_close()
        cls.company_id = company.id
        cls.run_values = {
            "period_id": period.id,
            "company_id": company.id,
            "scheme_ids": [Command.set(scheme.ids)],
        }

    @classmethod
    def _create(cls, env, model, **values):
        record = env[model].create(values)
        cls.created.append((model, record.id))
        return record

    @classmethod
    def _delete_all(cls):
        """Closed and agreed as it is, the ORM would not let go of it."""
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cls._delete_runs(env)
            period = env["kpi.period"].browse(cls.run_values["period_id"])
            cr.execute("UPDATE kpi_period SET state = 'open' WHERE id = %s", period.ids)
            cr.execute(
                "UPDATE kpi_scorecard SET state = 'draft' WHERE period_id = %s",
                period.ids,
            )
            period.scorecard_ids.unlink()
            employee = env["hr.employee"].browse(cls.employee_id)
            left_behind = [employee.version_ids, employee.work_contact_id]
            for model, record_id in reversed(cls.created):
                env[model].browse(record_id).unlink()
            for records in left_behind:
                records.exists().unlink()

    @classmethod
    def _delete_runs(cls, env):
        runs = env["kpi.bonus.run"].search(
            [("period_id", "=", cls.run_values["period_id"])]
        )
        if runs:
            env.cr.execute(
                "UPDATE kpi_bonus_run SET state = 'draft' WHERE id = ANY(%s)",
                [runs.ids],
            )
            env.invalidate_all()
            runs.unlink()

    # ------------------------------------------------------------- machinery
    def setUp(self):
        super().setUp()
        with self.as_user(0) as env:
            self.run_id = env["kpi.bonus.run"].create(self.run_values).id
        self.addCleanup(self.delete_runs)

    def delete_runs(self):
        with self.registry.cursor() as cr:
            self._delete_runs(api.Environment(cr, SUPERUSER_ID, {}))

    @contextmanager
    def as_user(self, number, commit=True):
        with self.registry.cursor() as cr:
            context = {"allowed_company_ids": [self.company_id]}
            yield api.Environment(cr, self.users[number], context)
            if not commit:
                cr.rollback()

    def run_of(self, env):
        return env["kpi.bonus.run"].browse(self.run_id)

    def press(self, number, *actions):
        """Press buttons in one committed transaction, as an RPC does."""
        with self.as_user(number) as env:
            for action in actions:
                retrying(partial(getattr(self.run_of(env), action)), env)

    def in_thread(self, number, *actions):
        """Press them elsewhere, meanwhile.

        :return: a function that waits and gives the exception, or None
        """
        caught = []

        def work():
            try:
                with mute_logger("odoo.sql_db"):
                    self.press(number, *actions)
            except Exception as error:
                caught.append(error)

        thread = threading.Thread(target=work)
        thread.start()

        def outcome():
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive(), "blocked for ever")
            return caught[0] if caught else None

        return outcome

    def assertState(self, state, lines=1):
        with self.as_user(0) as env:
            run = self.run_of(env)
            self.assertEqual(run.state, state)
            self.assertEqual(len(run.line_ids), lines)

    def wait_no_longer(self):
        """RPC retries after a random pause: the test does without."""
        return patch("odoo.service.model.time.sleep")

    # ------------------------------------------------------------- one at once
    def test_second_to_compute_gets_a_message(self):
        with self.as_user(0) as env:
            self.run_of(env).action_compute()
            env.flush_all()
            error = self.in_thread(1, "action_compute")()
            self.assertIsInstance(error, UserError)
            self.assertIn("Somebody else is working on", str(error))
        self.assertState("computed")

    def test_second_to_compute_starts_over_after_the_first(self):
        """Its snapshot is older than what the first committed: RPC retries."""
        self.press(0, "action_compute")
        with self.as_user(1) as env:
            run = self.run_of(env)
            self.assertEqual(run.state, "computed")  # the snapshot is taken
            self.press(0, "action_compute")
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                run.action_compute()
            env.cr.rollback()
            env.transaction.reset()
            retrying(run.action_compute, env)
        self.assertState("computed")

    def test_many_compute_at_once(self):
        with self.wait_no_longer():
            outcomes = [self.in_thread(n % 2, "action_compute") for n in range(6)]
            errors = [outcome() for outcome in outcomes]
        self.assertIn(None, errors)
        for error in filter(None, errors):
            self.assertIsInstance(error, (UserError, psycopg2.OperationalError))
        self.assertState("computed")

    def test_approval_while_another_computes_again(self):
        self.press(0, "action_compute", "action_submit")
        with self.as_user(0) as env:
            run = self.run_of(env)
            run.action_reset()
            run.action_compute()
            env.flush_all()
            error = self.in_thread(1, "action_approve")()
            self.assertIn("Somebody else is working on", str(error))
        self.assertState("computed")
        error = self.in_thread(1, "action_approve")()
        self.assertIn("Only a submitted run can be approved", str(error))

    def test_computing_again_while_another_approves(self):
        self.press(0, "action_compute", "action_submit")
        with self.as_user(1) as env:
            self.run_of(env).action_approve()
            env.flush_all()
            error = self.in_thread(0, "action_reset", "action_compute")()
            self.assertIn("Somebody else is working on", str(error))
        self.assertState("approved")
        error = self.in_thread(0, "action_reset", "action_compute")()
        self.assertIsInstance(error, UserError)
        self.assertState("approved")

    def test_an_item_does_not_slip_into_what_is_being_approved(self):
        self.press(0, "action_compute", "action_submit")
        item = {
            "run_id": self.run_id,
            "employee_id": self.employee_id,
            "amount": 1000,
            "reason": "Quickly",
        }
        with self.as_user(0, commit=False) as slow:
            self.assertEqual(self.run_of(slow).state, "submitted")
            self.press(1, "action_approve")
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises((UserError, psycopg2.errors.SerializationFailure)),
            ):
                slow["kpi.bonus.run.line"].create(item)
        self.assertState("approved")

    def test_an_item_waits_for_nobody_while_reset(self):
        """Entered in a draft that another is computing: one of the two goes first."""
        with self.as_user(0) as env:
            self.run_of(env).action_compute()
            env.flush_all()
            with self.as_user(1, commit=False) as other:
                with self.assertRaises(UserError):
                    other["kpi.bonus.run.line"].create(
                        {
                            "run_id": self.run_id,
                            "employee_id": self.employee_id,
                            "amount": 1000,
                            "reason": "Quickly",
                        }
                    )
        self.assertState("computed")

    # ------------------------------------------------------------ in two runs
    def test_one_scorecard_in_two_runs_at_once(self):
        """The second waits for the first at the unique index, and is told."""
        with self.as_user(1) as env:
            second = env["kpi.bonus.run"].create(self.run_values)
        with self.as_user(0) as first_env:
            with self.as_user(1, commit=False) as env:
                second = second.with_env(env)
                self.assertFalse(second.line_ids)  # the snapshot is taken
                self.run_of(first_env).action_compute()
                first_env.cr.commit()
                with self.assertRaises(UserError) as caught:
                    second.action_compute()
            self.assertIn("in a run already", str(caught.exception))
        self.assertState("computed")
        with self.as_user(1) as env:
            second = second.with_env(env)
            second.action_compute()
            self.assertFalse(second.line_ids)
            self.assertIn("in another run", second.empty_reason)
