from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import freeze_time

from ..const import BONUS_RUN_TRANSITIONS
from .bonus_common import AFTER_MARCH, KpiBonusCommon
from .common import NOW


@freeze_time(NOW)
class TestBonusWorkflow(KpiBonusCommon):
    # ------------------------------------------------------------ transitions
    def reach(self, state):
        """A run in the given state, on the way that people take."""
        run = self.create_run()
        for action, user in (
            ("compute", self.user_payroll),
            ("submit", self.user_payroll),
            ("approve", self.user_payroll_2),
            ("pay", self.user_payroll),
        ):
            if run.state == state:
                break
            getattr(run.with_user(user), f"action_{action}")()
        self.assertEqual(run.state, state)
        return run

    def test_every_transition(self):
        """What each button does in each state; what is not listed is refused."""
        self.close_period()
        reached = {
            ("draft", "compute"): "computed",
            ("computed", "compute"): "computed",
            ("computed", "submit"): "submitted",
            ("computed", "reset"): "draft",
            ("submitted", "reset"): "draft",
            ("submitted", "approve"): "approved",
            ("approved", "pay"): "paid",
        }
        for state in BONUS_RUN_TRANSITIONS:
            run = self.reach(state)
            for action in ("compute", "submit", "approve", "pay", "reset"):
                with self.subTest(state=state, action=action):
                    press = getattr(
                        run.with_user(self.user_payroll_2), f"action_{action}"
                    )
                    if (state, action) not in reached:
                        with self.assertRaises(UserError):
                            press()
                        self.assertEqual(run.state, state)
                        continue
                    with self.undone():
                        press()
                        self.assertEqual(run.state, reached[state, action])
            # Make room for the next run of the same scorecards.
            self.env.cr.execute(
                "DELETE FROM kpi_bonus_run_line WHERE run_id = %s", [run.id]
            )
            self.env.invalidate_all()

    @contextmanager
    def undone(self):
        savepoint = self.env.cr.savepoint()
        yield
        self.env.flush_all()
        savepoint.rollback()
        savepoint.close()
        self.env.invalidate_all()

    def test_signatures(self):
        self.close_period()
        run = self.reach("paid")
        self.assertRecordValues(
            run,
            [
                {
                    "computed_by_id": self.user_payroll.id,
                    "submitted_by_id": self.user_payroll.id,
                    "approved_by_id": self.user_payroll_2.id,
                    "paid_by_id": self.user_payroll.id,
                }
            ],
        )
        self.assertTrue(
            run.computed_at and run.submitted_at and run.approved_at and run.paid_at
        )

    def test_only_payroll_presses_the_buttons(self):
        run = self.computed_run()
        for user in (self.user_manager, self.user_lead, self.user_seller):
            for action in ("compute", "submit", "approve", "pay", "reset"):
                with self.assertRaises(AccessError):
                    getattr(run.with_user(user), f"action_{action}")()

    # -------------------------------------------------------------- four eyes
    def test_who_computed_does_not_approve(self):
        run = self.computed_run()
        run.with_user(self.user_payroll_2).action_submit()
        self.assertFalse(run.can_approve)
        self.assertIn("four eyes", run.cannot_approve_reason)
        with self.assertRefused("four eyes"):
            run.action_approve()
        self.assertTrue(run.with_user(self.user_payroll_2).can_approve)
        run.with_user(self.user_payroll_2).action_approve()
        self.assertEqual(run.state, "approved")

    def test_who_entered_an_item_does_not_approve(self):
        run = self.computed_run()
        self.add_item(run, 1000, self.payroll_2, user=self.user_payroll_2)
        run.action_compute()
        run.action_submit()
        with self.assertRefused("four eyes"):
            run.with_user(self.user_payroll_2).action_approve()

    def test_who_removed_a_deduction_does_not_approve(self):
        run = self.create_run()
        fine = self.add_item(run, -1000, self.payroll_2)
        self.close_period()
        run.action_compute()
        fine.with_user(self.user_payroll_2).unlink()
        run.action_submit()
        with self.assertRefused("four eyes"):
            run.with_user(self.user_payroll_2).action_approve()

    def test_a_submitted_run_is_not_touched(self):
        run = self.computed_run()
        item = self.add_item(run, 10)
        run.action_submit()
        second = run.with_user(self.user_payroll_2)
        for touch in (
            lambda: self.add_item(run, 1000, user=self.user_payroll_2),
            lambda: item.with_user(self.user_payroll_2).write({"amount": 1000}),
            lambda: item.with_user(self.user_payroll_2).unlink(),
            lambda: second.write({"fund": 1, "has_fund": True}),
            lambda: second.write({"line_ids": [Command.delete(item.id)]}),
            second.action_compute,
            second.action_carry_corrections,
            second.action_drop_corrections,
        ):
            with self.assertRefused("submitted"):
                touch()
        second.note = "Looks good"

    def test_other_ground_needs_another_computation(self):
        """A smaller fund in the head of a run whose lines know nothing of it."""
        run = self.computed_run()
        run.write({"has_fund": True, "fund": 100})
        self.assertEqual(run.state, "draft")
        with self.assertRaises(UserError):
            run.action_submit()
        run.action_compute()
        self.assertEqual(run.amount_total, 100)

    def test_computed_lines_are_not_deleted_one_by_one(self):
        run = self.computed_run()
        for context in ({}, {"_force_unlink": True}):
            with self.assertRaises(UserError):
                self.line(run, self.seller).with_context(**context).unlink()
            with self.assertRaises(UserError):
                run.with_context(**context).write({"line_ids": [Command.clear()]})

    # ------------------------------------------------------------- the period
    def test_an_open_period_is_not_computed(self):
        run = self.create_run()
        with self.assertRefused("“March 2025” is not measured yet.*03/31/2025"):
            run.action_compute()
        self.measure_period()
        run.action_compute()
        self.assertEqual(self.amounts(run)["Seller"], 19500)

    def test_an_unclosed_period_is_not_approved(self):
        self.measure_period()
        run = self.create_run()
        run.action_compute()
        run.action_submit()
        second = run.with_user(self.user_payroll_2)
        with self.assertRefused("“March 2025” is not closed"):
            second.action_approve()
        self.close_period()
        second.action_approve()

    def test_what_was_measured_anew_is_computed_anew(self):
        self.measure_period()
        run = self.create_run()
        run.action_compute()
        run.action_submit()
        with self.at(AFTER_MARCH):
            self.march.with_user(self.user_manager).action_reopen()
        self.facts[self.seller].numerator = 100
        self.close_period()
        second = run.with_user(self.user_payroll_2)
        self.env.invalidate_all()
        with self.assertRefused("Seller.*compute"):
            second.action_approve()
        run.action_reset()
        run.action_compute()
        run.action_submit()
        second.action_approve()
        self.assertEqual(self.amounts(run)["Seller"], 15000)

    # ----------------------------------------------------------- immutability
    def test_approved_is_immutable(self):
        """Over the ORM as everybody, with and without a trick in the context."""
        run = self.computed_run()
        self.add_item(run, 10)
        run.action_submit()
        run.with_user(self.user_payroll_2).action_approve()
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        line, item = self.line(run, self.seller), self.line(run, self.seller, "one_off")
        for paid in (False, True):
            if paid:
                run.action_pay()
            for user in (
                self.user_payroll,
                self.user_payroll_2,
                self.user_manager,
                self.user_lead,
                self.user_seller,
                admin,
            ):
                for context in ({}, {"_force_unlink": True}):
                    with self.subTest(user=user.login, paid=paid, context=context):
                        self.assertUntouchable(run, line, item, user, context)

    def assertUntouchable(self, run, line, item, user, context):
        context = {"allowed_company_ids": self.company.ids, **context}
        run = run.with_user(user).with_context(**context)
        lines = run.env["kpi.bonus.run.line"]
        line, item = lines.browse(line.id), lines.browse(item.id)
        new = {
            "employee_id": self.seller.id,
            "kind": "one_off",
            "amount": 5,
            "reason": "Please",
        }
        for touch in (
            lambda: run.write({"state": "draft"}),
            lambda: run.write({"state": "computed", "name": "Mine"}),
            lambda: run.write({"name": "Mine"}),
            lambda: run.write({"fund": 1}),
            lambda: run.write({"approved_by_id": user.id}),
            lambda: run.write({"period_id": self.march.id}),
            lambda: run.write({"line_ids": [Command.create(new)]}),
            lambda: run.write({"line_ids": [Command.update(line.id, {"amount": 1})]}),
            lambda: run.write({"line_ids": [Command.update(item.id, {"amount": 1})]}),
            lambda: run.write({"line_ids": [Command.delete(line.id)]}),
            lambda: run.write({"line_ids": [Command.unlink(item.id)]}),
            lambda: run.write({"line_ids": [Command.clear()]}),
            lambda: run.write({"line_ids": [Command.set([])]}),
            lambda: run.write({"manual_line_ids": [Command.create(new)]}),
            run.unlink,
            run.action_reset,
            run.action_compute,
            run.action_drop_corrections,
            run.action_carry_corrections,
            lambda: line.write({"amount": 1}),
            lambda: line.write({"coefficient": 1}),
            lambda: line.write({"run_id": False}),
            lambda: item.write({"amount": 1}),
            lambda: item.write({"reason": "Other"}),
            line.unlink,
            item.unlink,
            lambda: lines.create({"run_id": run.id, **new}),
        ):
            with self.assertRaises(UserError):
                touch()

    def test_items_do_not_wander_into_an_approved_run(self):
        run = self.approved_run()
        draft = self.create_run()
        item = self.add_item(draft, 10)
        with self.assertRefused("is approved"):
            item.with_user(self.user_payroll).run_id = run

    def test_paying_writes_the_chatter_as_payroll(self):
        """The rule that freezes paid runs does not stop the message about it."""
        run = self.approved_run()
        run.with_context(tracking_disable=False).action_pay()
        self.env.flush_all()
        run.message_post(body="Sent to the bank")
        self.assertIn("Sent to the bank", run.message_ids[0].body)

    # ------------------------------------------------- states out of nowhere
    def test_a_run_starts_as_a_draft(self):
        """Neither values nor the defaults of a client's context make another."""
        values = {
            "state": "approved",
            "approved_by_id": self.user_payroll_2.id,
            "fund_factor": 3.0,
        }
        context = {f"default_{name}": value for name, value in values.items()}
        run = self.create_run(**values)
        by_context = (
            self.env["kpi.bonus.run"]
            .with_user(self.user_payroll)
            .with_context(**context)
            .create({"period_id": self.march.id})
        )
        self.assertRecordValues(
            run | by_context,
            [{"state": "draft", "approved_by_id": False, "fund_factor": 1.0}] * 2,
        )

    def test_nobody_writes_bonuses_by_hand(self):
        run = self.computed_run()
        lines = self.env["kpi.bonus.run.line"].with_user(self.user_payroll)
        values = {
            "run_id": run.id,
            "employee_id": self.seller.id,
            "reason": "Because",
            "amount": 100,
        }
        for bad in (
            {"kind": "bonus"},
            {"kind": "adjustment"},
            {"scorecard_id": self.card(self.seller).id},
            {"coefficient": 120},
            {"details": {"wage": 1}},
            {"amount_before_fund": 3},
        ):
            with self.assertRefused("By hand, only one-off items"):
                lines.create({**values, **bad})
            context = {f"default_{name}": value for name, value in bad.items()}
            with self.subTest(context):
                try:
                    line = lines.with_context(**context).create(values)
                except UserError:
                    continue
                self.assertEqual(line.kind, "one_off")
                self.assertFalse(line.scorecard_id or line.coefficient or line.details)
                self.assertEqual(line.amount_before_fund, 100)
        with self.assertRefused("by computing the run again"):
            self.line(run, self.seller).with_user(self.user_payroll).amount = 1

    # ---------------------------------------------------- items typed by hand
    def test_one_off_and_deduction(self):
        run = self.computed_run()
        gift = self.add_item(run, 500, reason="Trade fair")
        fine = self.add_item(run, -200, self.seller_2, reason="Broken scanner")
        self.assertEqual(gift.explanation, "Trade fair")
        self.assertRecordValues(
            gift | fine,
            [
                {"amount_before_fund": 500, "department_id": self.retail.id},
                {"amount_before_fund": -200, "department_id": self.retail.id},
            ],
        )
        self.assertEqual(run.amount_total, 29400)
        run.action_compute()
        self.assertEqual(run.amount_total, 29400)
        gift.amount = 600
        self.assertEqual((gift.amount_before_fund, run.amount_total), (600, 29500))

    def test_items_need_a_reason_and_the_right_sign(self):
        run = self.create_run()
        for values, words in (
            ({"reason": False}, "Write a reason: Seller"),
            ({"reason": "  "}, "Write a reason: Seller"),
            ({"kind": "deduction"}, "entered with a minus"),
            ({"kind": "deduction", "amount": 0}, "entered with a minus"),
            ({"kind": "one_off", "amount": -5}, "a one-off item without"),
        ):
            with self.subTest(words), self.assertRefused(words):
                self.add_item(run, **{"amount": 5, **values})

    def test_items_are_for_employees_of_the_company(self):
        other = self._create_company("Elsewhere")
        stranger = self._create_employee("Stranger", None, company_id=other.id)
        with self.assertRaises(UserError):
            self.add_item(self.create_run(), 5, stranger)

    def test_items_do_not_share_in_the_fund(self):
        """What was promised once is paid; the fund is for the bonuses."""
        run = self.create_run(has_fund=True, fund=20000)
        self.add_item(run, 500)
        self.close_period()
        run.action_compute()
        self.assertEqual(self.amounts(run)["Seller"], 13902.06)

    def test_deleting_a_draft(self):
        run = self.computed_run()
        with self.assertRefused("Only a draft run"):
            run.unlink()
        run.action_reset()
        run.unlink()
        other = self.create_run()
        other.action_compute()
        self.assertEqual(len(other.line_ids), 4)

    def test_the_period_of_a_computed_run_stays(self):
        run = self.computed_run()
        with self.assertRefused("by its buttons"):
            run.period_id = self.period("2025-04-01")
