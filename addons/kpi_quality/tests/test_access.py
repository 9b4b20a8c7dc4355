"""Every role against every model, and every record rule against who gets round it."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import freeze_time, new_test_user

from .bonus_common import KpiBonusCommon
from .common import NOW

ROLES = ("none", "system", "user", "lead", "expert", "payroll", "manager")

# r read, w write, c create, d delete. Records are narrowed further down.
ACCESS = """
                         none  system  user  lead  expert  payroll  manager
kpi.indicator            -     -       r     r     r       r        rwcd
kpi.measurement          -     -       r     r     r       r        rwcd
kpi.measurement.change   -     -       -     r     -       r        r
kpi.document             -     -       r     r     r       r        r
kpi.site                 -     -       r     r     r       r        rwcd
kpi.site.area            -     -       r     r     r       r        rwcd
kpi.period               -     -       r     r     r       r        rwcd
kpi.late.correction      -     -       -     r     -       r        rw
kpi.target               -     -       r     rwcd  r       r        rwcd
kpi.matrix               -     -       r     r     r       r        rwcd
kpi.matrix.line          -     -       r     r     r       r        rwcd
kpi.matrix.assignment    -     -       -     -     -       r        rwcd
kpi.scorecard            -     -       r     rw    r       r        rwd
kpi.scorecard.line       -     -       r     rw    r       r        rw
kpi.improvement          -     -       rw    rwcd  rw      rw       rwcd
kpi.handover             -     -       -     rc    -       -        rc
kpi.improvement.document -     -       rw    rw    rw      rw       rw
kpi.alert                -     -       r     r     r       r        r
kpi.bonus.scheme         -     -       -     -     -       r        rwcd
kpi.bonus.scheme.point   -     -       -     -     -       r        rwcd
kpi.bonus.run            -     -       -     -     -       rwcd     -
kpi.bonus.run.line       -     -       r     r     r       rwcd     r
kpi.order.journal        -     -       r     r     r       r        r
kpi.order.report         -     -       r     r     r       r        r
kpi.site.entrance                  -       -       r       r       r       r       rwcd
kpi.visitor.count                  -       -       -       r       r       -       rwcd
kpi.popularity.study               -       -       -       r       r       -       rwcd
kpi.popularity.study.line          -       -       -       r       r       -       rwcd
kpi.feedback.camera                -       -       -       -       r       -       rwcd
kpi.feedback.point                 -       -       r       r       r       r       rwcd
kpi.feedback.point.rule            -       -       r       r       r       r       r
kpi.feedback.question              -       -       r       r       r       r       rwcd
kpi.feedback.question.period       -       -       r       r       r       r       rwcd
kpi.feedback.question.plan         -       -       r       r       r       r       rwcd
kpi.feedback.question.plan.line    -       -       r       r       r       r       rwcd
kpi.feedback.question.confirmation -       -       r       rc      r       r       rc
kpi.feedback.event                 -       -       -       r       r       -       rc
kpi.feedback.attempt               -       -       r       r       r       r       r
kpi.feedback.poll                  -       -       r       r       r       r       r
kpi.force.majeure                  -       -       r       r       r       r       r
kpi.feedback.complaint             -       -       rwc     rwc     rwc     rwc     rwc
kpi.feedback.alarm                 -       -       r       r       r       r       r
kpi.feedback.recipient             -       -       -       r       -       -       rwcd
kpi.duty                           -       -       r       rwcd    r       r       rwcd
kpi.feedback.reason                -       -       r       r       r       r       rwcd
kpi.feedback.check                 -       -       -       -       r       -       r
kpi.feedback.verdict               -       -       -       r       rc      -       r
kpi.feedback.sign                  -       -       -       -       rw      -       rw
kpi.reference                      -       -       r       r       r       r       rwcd
kpi.quality.audit                  -       -       -       r       r       -       rwcd
kpi.quality.audit.question         -       -       -       r       r       -       rwcd
kpi.quality.audit.line             -       -       -       r       r       -       r
"""

# Their rows are tried in test_feedback_access.py.
FEEDBACK_MODELS = {
    row.split()[0]
    for row in ACCESS[ACCESS.index("kpi.site.entrance") :].strip().splitlines()
}

HANDED_OVER = (
    "kpi.site",
    "kpi.matrix",
    "kpi.period",
    "kpi.target",
    "kpi.improvement",
    "kpi.bonus.scheme",
)

PEOPLE = {
    "sales": {"Seller", "Seller 2", "Wholesaler", "Nobody"},
    "storage": {"Picker", "Picker 2"},
}
ALL = PEOPLE["sales"] | PEOPLE["storage"]


@freeze_time(NOW)
class TestAccess(KpiBonusCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_none = new_test_user(
            cls.env,
            login="kpi_none",
            groups="base.group_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.user_system = new_test_user(
            cls.env,
            login="kpi_system",
            groups="base.group_system",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.user_user = cls.user_seller
        cls.state = cls.env.ref("base.state_us_1")
        cls.shop.area_ids = [Command.create({"state_id": cls.state.id})]
        pickers = cls.simple_matrix("Pickers", jobs=[cls.job_picker])
        cls.scheme("Pickers", pickers)
        for picker in (cls.picker, cls.picker_2):
            picker.wage = 30000
            cls.facts[picker] = cls.give("t_conversion", 100, picker)
        cls.targets = cls.env["kpi.target"].create(
            [
                {
                    "indicator_id": cls.coverage.id,
                    "period_id": cls.march.id,
                    "base": 1,
                    "plan": 2,
                    "challenge": 3,
                    **place,
                }
                for place in (
                    {},
                    {"site_id": cls.shop.id},
                    {"department_id": cls.wholesale.id},
                    {"department_id": cls.storage.id},
                    {"employee_id": cls.seller.id},
                    {"employee_id": cls.picker.id},
                )
            ]
        )
        cls.generate()
        cls.agreed = cls.card(cls.seller)
        cls.approved = cls.approved_run()
        cls.draft = cls.april_run()
        cls.secret = cls.add_item(cls.draft, 777)
        cls.correct_late(cls.seller, 100)
        cls.correct_late(cls.picker, 90)
        cls._create_elsewhere()
        for company in (cls.company, cls.other):
            cls._mark_arrival(company)
        cls.create_indicator("t_ours", source="manual", company_id=cls.company.id)
        for company, user in (
            (cls.company, cls.user_manager),
            (cls.other, cls.user_foreign),
        ):
            cls.env["kpi.improvement"].create(
                {
                    "name": "Too few visitors",
                    "indicator_id": cls.conversion.id,
                    "company_id": company.id,
                    "user_id": user.id,
                    "document_ids": [
                        Command.create(
                            {"res_model": "res.company", "res_id": company.id}
                        )
                    ],
                }
            )
            cls.env["kpi.alert"].create(
                {
                    "indicator_id": cls.conversion.id,
                    "company_id": company.id,
                    "opened_at": NOW,
                }
            )
            cls.env["sale.order"].with_company(company).create(
                {"partner_id": cls.partner.id, "user_id": user.id}
            )
        cls.env.ref("base.group_allow_export").user_ids |= cls.env["res.users"].search(
            [("login", "=like", "kpi\\_%")]
        )
        cls.env.invalidate_all()

    @classmethod
    def _mark_arrival(cls, company):
        """A receipt of that company, marked at the dock."""
        types = cls.env["stock.picking.type"].sudo()
        types = types.with_context(allowed_company_ids=company.ids)
        picking_type = types.search(
            [("code", "=", "incoming"), ("company_id", "=", company.id)], limit=1
        )
        places = {
            "location_id": cls.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": picking_type.default_location_dest_id.id,
        }
        line = {"product_id": cls.product.id, "product_uom_qty": 1, **places}
        picking = types.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "move_ids": [Command.create(line)],
                **places,
            }
        )
        picking.action_confirm()
        picking._kpi_mark("arrival", "tap")

    @classmethod
    def _create_elsewhere(cls):
        """The same again in another company, by its own people."""
        cls.other = cls._create_company("Elsewhere")
        env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.other.ids})
        cls.user_foreign = cls._create_user(
            "kpi_foreign",
            "manager",
            ["kpi_quality.group_kpi_quality_payroll"],
            company=cls.other,
        )
        cls.foreign = cls._create_employee(
            "Foreign", None, user=cls.user_foreign, company_id=cls.other.id
        )
        site = env["kpi.site"].create(
            {
                "name": "Elsewhere",
                "tz": "UTC",
                "area_ids": [Command.create({"state_id": cls.state.id})],
            }
        )
        department = env["hr.department"].create(
            {"name": "Elsewhere", "company_id": cls.other.id, "kpi_site_id": site.id}
        )
        department.manager_id = cls.foreign
        cls.foreign.department_id = department
        matrix = env["kpi.matrix"].create(
            {
                "name": "Elsewhere",
                "line_ids": [
                    Command.create(
                        {"indicator_id": cls.conversion.id, "weight": 1, "base": 80}
                    )
                ],
                "assignment_ids": [Command.create({"employee_id": cls.foreign.id})],
            }
        )
        period = env["kpi.period"].create({"kind": "month", "date_from": "2025-02-01"})
        env["kpi.indicator"].create(
            {
                "code": "t_elsewhere",
                "name": "Elsewhere",
                "source": "manual",
                "company_id": cls.other.id,
            }
        )
        env["kpi.measurement"].create(
            {
                "indicator_id": cls.conversion.id,
                "date": "2025-02-10",
                "company_id": cls.other.id,
                "employee_id": cls.foreign.id,
                "numerator": 110,
                "denominator": 100,
            }
        )
        scheme = env["kpi.bonus.scheme"].create(
            {
                "name": "Elsewhere",
                "company_id": cls.other.id,
                "matrix_ids": [Command.set(matrix.ids)],
                "point_ids": [Command.create({"coefficient": 90, "percent": 90})],
            }
        )
        env["kpi.target"].create(
            {
                "indicator_id": cls.coverage.id,
                "period_id": period.id,
                "base": 1,
                "plan": 2,
                "challenge": 3,
            }
        )
        env["kpi.scorecard"]._generate(period)
        env["kpi.late.correction"].create(
            {
                "period_id": period.id,
                "indicator_id": cls.conversion.id,
                "date": "2025-02-10",
                "company_id": cls.other.id,
                "employee_id": cls.foreign.id,
                "numerator": 1,
            }
        )
        run = env["kpi.bonus.run"].create(
            {
                "period_id": period.id,
                "company_id": cls.other.id,
                "scheme_ids": [Command.set(scheme.ids)],
            }
        )
        env["kpi.bonus.run.line"].create(
            {
                "run_id": run.id,
                "employee_id": cls.foreign.id,
                "amount": 5,
                "reason": "Elsewhere",
            }
        )

    def user(self, role):
        return getattr(self, f"user_{role}")

    def seen(self, model, role, domain=()):
        """The names of the employees whose records a role finds."""
        records = self.env[model].with_user(self.user(role)).search(list(domain))
        return set(records.sudo().employee_id.mapped("name"))

    # -------------------------------------------------------------- the table
    def test_every_role_against_every_model(self):
        header, *rows = ACCESS.strip().splitlines()
        self.assertEqual(header.split(), list(ROLES))
        listed = {}
        for row in rows:
            model, *cells = row.split()
            listed[model] = dict(zip(ROLES, cells, strict=True))
        found = {}
        for model in listed:
            found[model] = {}
            for role in ROLES:
                records = self.env[model].with_user(self.user(role))
                letters = "".join(
                    letter
                    for letter, operation in (
                        ("r", "read"),
                        ("w", "write"),
                        ("c", "create"),
                        ("d", "unlink"),
                    )
                    if records.has_access(operation)
                )
                found[model][role] = letters or "-"
        self.assertEqual(found, listed)

    def test_no_model_is_missing_in_the_table(self):
        models = {
            name
            for name, model in self.registry.items()
            if model._original_module == "kpi_quality"
            and name.startswith("kpi.")
            and not model._abstract
            and not model._transient
        }
        self.assertEqual(models, {row.split()[0] for row in ACCESS.split("\n")[2:-1]})

    # -------------------------------------------------- own and led departments
    def test_scorecards_and_lines(self):
        for model in ("kpi.scorecard", "kpi.scorecard.line"):
            for role, names in (
                ("user", {"Seller"}),
                ("expert", set()),
                ("lead", PEOPLE["sales"]),
                ("warehouse_lead", PEOPLE["storage"]),
                ("payroll", ALL),
                ("manager", ALL),
            ):
                with self.subTest(model=model, role=role):
                    self.assertEqual(self.seen(model, role), names)

    def test_measurements(self):
        with_facts = ALL - {"Nobody"}
        for role, names in (
            ("user", {"Seller"}),
            ("lead", PEOPLE["sales"] - {"Nobody"}),
            ("warehouse_lead", PEOPLE["storage"]),
            ("expert", with_facts),
            ("payroll", with_facts),
            ("manager", with_facts),
        ):
            with self.subTest(role=role):
                self.assertEqual(self.seen("kpi.measurement", role), names)

    def test_targets(self):
        company, shop, wholesale, storage, seller, picker = self.targets
        everybody = company | shop
        for role, targets in (
            ("user", everybody | seller),
            ("expert", everybody),
            ("lead", everybody | wholesale | seller),
            ("warehouse_lead", everybody | storage | picker),
            ("payroll", self.targets),
            ("manager", self.targets),
        ):
            with self.subTest(role=role):
                found = self.env["kpi.target"].with_user(self.user(role)).search([])
                self.assertEqual(found, targets)

    def test_late_corrections(self):
        for role, names in (
            ("lead", {"Seller"}),
            ("warehouse_lead", {"Picker"}),
            ("payroll", {"Seller", "Picker"}),
            ("manager", {"Seller", "Picker"}),
        ):
            with self.subTest(role=role):
                self.assertEqual(self.seen("kpi.late.correction", role), names)

    def test_changes_of_past_days(self):
        self.env.cr.execute(
            """
            INSERT INTO kpi_measurement_change (
                indicator_id, changed_at, date, company_id, department_id, employee_id,
                numerator_before, denominator_before,
                numerator_after, denominator_after
            )
            SELECT indicator_id, '2025-03-20', date, company_id, department_id,
                employee_id, 0, 0, numerator, denominator
            FROM kpi_measurement
            WHERE indicator_id = %s
            """,
            [self.conversion.id],
        )
        for role, names in (
            ("lead", PEOPLE["sales"] - {"Nobody"}),
            ("warehouse_lead", PEOPLE["storage"]),
            ("manager", ALL - {"Nobody"}),
        ):
            with self.subTest(role=role):
                self.assertEqual(self.seen("kpi.measurement.change", role), names)

    def test_a_former_lead_sees_nothing_any_more(self):
        self.assertTrue(self.seen("kpi.scorecard", "lead"))
        self.sales.manager_id = self.manager
        self.assertEqual(self.seen("kpi.scorecard", "lead"), set())

    def test_a_lead_without_the_group_sees_the_own_only(self):
        self.retail.manager_id = self.seller
        self.assertEqual(self.seen("kpi.scorecard", "user"), {"Seller"})

    # ----------------------------------------------------------------- changes
    def test_leads_change_targets_of_their_people_only(self):
        values = {
            "indicator_id": self.conversion.id,
            "period_id": self.draft.period_id.id,
            "base": 1,
            "plan": 2,
            "challenge": 3,
        }
        targets = self.env["kpi.target"].with_user(self.user_lead)
        mine = targets.create({**values, "employee_id": self.seller.id})
        targets.create({**values, "department_id": self.wholesale.id})
        for place in (
            {},
            {"site_id": self.shop.id},
            {"employee_id": self.picker.id},
            {"department_id": self.storage.id},
            {"employee_id": self.lead.id},
        ):
            with self.assertRaises(AccessError):
                targets.create({**values, **place})
        for foreign in self.targets[0] | self.targets[3] | self.targets[5]:
            with self.assertRaises(AccessError):
                foreign.with_user(self.user_lead).plan = 2.5
            with self.assertRaises(AccessError):
                foreign.with_user(self.user_lead).unlink()
        mine.plan = 2.5

    def test_a_target_does_not_wander_to_others(self):
        """Created for one's own people, then pointed at somebody else's."""
        mine = self.env["kpi.target"].create(
            {
                "indicator_id": self.conversion.id,
                "period_id": self.draft.period_id.id,
                "employee_id": self.seller.id,
                "base": 1,
                "plan": 2,
                "challenge": 3,
            }
        )
        for place in (
            {"employee_id": self.picker.id},
            {"employee_id": self.lead.id},
            {"employee_id": False},
        ):
            with self.assertRaises(UserError):
                mine.with_user(self.user_lead).write(place)

    def test_leads_change_cards_of_their_people_only(self):
        may = self.period("2025-05-01")
        cards, _problems = self.generate(may)
        of_picker = cards.filtered(lambda card: card.employee_id == self.picker)
        of_seller = cards.filtered(lambda card: card.employee_id == self.seller)
        of_seller.line_ids.with_user(self.user_lead).plan = 101
        with self.assertRaises(AccessError):
            of_picker.line_ids.with_user(self.user_lead).plan = 101
        with self.assertRaises(AccessError):
            of_seller.line_ids.with_user(self.user_seller).plan = 101
        for user in (self.user_payroll, self.user_expert):
            with self.assertRaises(AccessError):
                of_seller.line_ids.with_user(user).plan = 101

    def test_payroll_changes_no_facts(self):
        records = (
            self.facts[self.seller],
            self.conversion,
            self.targets[0],
            self.template,
            self.template.line_ids,
            self.template.assignment_ids[0],
            self.curve,
            self.curve.point_ids[0],
            self.march,
            self.shop,
            self.agreed,
            self.agreed.line_ids,
        )
        for record in records:
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=record._name, operation=operation):
                    mine = record.with_user(self.user_payroll)
                    self.assertTrue(mine.has_access("read"))
                    self.assertFalse(mine.has_access(operation))
        for action in ("action_measure", "action_close", "action_reopen"):
            with self.assertRefused("Only a KPI manager"):
                getattr(self.draft.period_id.with_user(self.user_payroll), action)()
        with self.assertRefused("Only a KPI manager"):
            self.conversion.with_user(self.user_payroll).action_measure()

    def test_plain_users_press_no_buttons_of_others(self):
        for user in (self.user_seller, self.user_expert):
            for action in (
                "action_measure",
                "action_close",
                "action_reopen",
                "action_generate_scorecards",
            ):
                with self.assertRefused("Only a KPI manager"):
                    getattr(self.draft.period_id.with_user(user), action)()
            with self.assertRaises(AccessError):
                self.draft.period_id.with_user(user).action_create_next()
            with self.assertRaises(AccessError):
                self.conversion.with_user(user).action_retire()

    # ------------------------------------------------------------------- money
    def test_bonus_lines(self):
        """The own ones, once approved. Neither lead nor manager see others' money."""
        for role, names in (
            ("user", {"Seller"}),
            ("seller_2", {"Seller 2"}),
            ("lead", set()),
            ("expert", set()),
            ("manager", set()),
            ("payroll", ALL),
        ):
            with self.subTest(role=role):
                self.assertEqual(self.seen("kpi.bonus.run.line", role), names)
        self.assertNotIn(
            777,
            self.env["kpi.bonus.run.line"]
            .with_user(self.user_seller)
            .search([])
            .mapped("amount"),
        )

    def test_bonus_lines_by_every_way_of_reading(self):
        others = self.line(self.approved, self.seller_2)
        for role in ("user", "lead", "warehouse_lead", "expert", "manager"):
            lines = self.env["kpi.bonus.run.line"].with_user(self.user(role))
            own = lines.search([])
            foreign = lines.browse((others | self.secret).ids)
            with self.subTest(role=role):
                for line in foreign:
                    with self.assertRaises(AccessError):
                        line.read(["amount"])
                    with self.assertRaises(AccessError):
                        line.export_data(["amount", "explanation"])
                    with self.assertRaises(AccessError):
                        line.web_read({"amount": {}, "details": {}})
                    with self.assertRaises(AccessError):
                        line.action_open_documents()
                found = lines.search_read([("amount", "!=", 0)], ["amount"])
                self.assertEqual({row["id"] for row in found}, set(own.ids))
                self.assertFalse(lines.search([("amount", "in", (9600, 777))]))
                [(total,)] = lines._read_group([], [], ["amount:sum"])
                self.assertEqual(total or 0, sum(own.mapped("amount")))
                grouped = lines.formatted_read_group(
                    [], ["employee_id"], ["amount:max"]
                )
                self.assertEqual(len(grouped), len(own))
                names = {name for _id, name in lines.name_search("Seller 2")}
                self.assertFalse(names)

    def test_runs_are_payrolls_alone(self):
        for role in ("none", "user", "lead", "expert", "manager", "system"):
            runs = self.env["kpi.bonus.run"].with_user(self.user(role))
            with self.subTest(role=role):
                for read in (
                    lambda runs=runs: runs.search([]),
                    lambda runs=runs: runs.browse(self.approved.id).read(["name"]),
                    lambda runs=runs: runs.browse(self.approved.id).web_read(
                        {"amount_total": {}}
                    ),
                    lambda runs=runs: runs._read_group([], [], ["__count"]),
                    lambda runs=runs: runs.name_search("Bonus"),
                    lambda runs=runs: runs.browse(self.approved.id).export_data(
                        ["line_ids/amount"]
                    ),
                ):
                    with self.assertRaises(AccessError):
                        read()

    def test_money_through_other_models(self):
        """Paths of a domain or an export that start at what one may read."""
        for role in ("user", "lead", "manager"):
            env = self.env(user=self.user(role))
            with self.subTest(role=role):
                lines = env["kpi.bonus.run.line"]
                for domain in (
                    [("run_id.line_ids.amount", ">", 1)],
                    [("run_id.fund", ">", 1)],
                    [("employee_id.wage", ">", 1)],
                ):
                    with self.assertRaises(AccessError):
                        lines.search(domain)
                with self.assertRaises(AccessError):
                    env["kpi.scorecard"].search([("employee_id.wage", ">", 1)])
                with self.assertRaises(AccessError):
                    env["kpi.scorecard"].search([]).export_data(["employee_id/wage"])
                if role != "manager":  # keeps the corrections, not the pay
                    continue
                corrections = env["kpi.late.correction"]
                with self.assertRaises(AccessError):
                    corrections.search([("bonus_run_id", "!=", False)])
                with self.assertRaises(AccessError):
                    corrections.search([]).read(["bonus_run_id"])

    def test_no_field_leads_from_figures_to_money(self):
        """A relation added later has to be thought about here."""
        money = {"kpi.bonus.run", "kpi.bonus.run.line"}
        others = [self.user(role) for role in ("user", "lead", "expert", "manager")]
        found = {
            f"{name}.{field.name}"
            for name, model in self.registry.items()
            for field in model._fields.values()
            if field.comodel_name in money and name not in money and not model._abstract
            if any(self.env[name].with_user(user).has_access("read") for user in others)
        }
        self.assertEqual(found, {"kpi.late.correction.bonus_run_id"})

    def test_wages_are_readable_for_nobody_of_ours(self):
        for role in ("user", "lead", "expert", "manager", "payroll"):
            employee = self.seller_2.with_user(self.user(role))
            with self.subTest(role=role), self.assertRaises(AccessError):
                employee.read(["wage"])

    def test_the_own_bonus_explains_itself(self):
        """With the rights of an employee: no access to run, scheme or employees."""
        line = self.line(self.approved, self.seller).with_user(self.user_seller)
        self.env.invalidate_all()
        [values] = line.web_read(
            {
                "amount": {},
                "explanation": {},
                "curve_data": {},
                "run_id": {"fields": {"display_name": {}}},
                "scheme_id": {"fields": {"display_name": {}}},
                "scorecard_line_ids": {"fields": {"fact": {}, "score": {}}},
            }
        )
        self.assertEqual(values["amount"], 19500)
        self.assertIn("gives 130.00 %", values["explanation"])
        self.assertEqual(values["curve_data"]["point"], [110, 130])
        self.assertEqual(values["scorecard_line_ids"][0]["fact"], 110)

    def test_chatter_of_runs_is_payrolls(self):
        self.approved.message_post(body="Seller gets 19,500")
        messages = self.env["mail.message"]
        domain = [("model", "=", "kpi.bonus.run"), ("res_id", "=", self.approved.id)]
        self.assertTrue(messages.with_user(self.user_payroll).search(domain))
        for role in ("user", "lead", "expert", "manager"):
            self.assertFalse(messages.with_user(self.user(role)).search(domain))

    def test_chatter_of_figures_knows_no_money(self):
        """What is written on scorecards and periods when bonuses are computed."""
        messages = self.env["mail.message"].search(
            [("model", "in", ("kpi.scorecard", "kpi.period", "kpi.target"))]
        )
        for amount in ("19500", "19,500", "15000", "15,000", "50000", "50,000"):
            for message in messages:
                self.assertNotIn(amount, message.body or "")
        tracked = self.env["mail.tracking.value"].search(
            [("mail_message_id", "in", messages.ids)]
        )
        self.assertFalse(tracked.filtered("new_value_float"))

    # ---------------------------------------------------------------- documents
    def test_documents_only_through_a_figure_one_may_read(self):
        card_line = self.card(self.seller).line_ids
        context = {"kpi_figure_model": card_line._name, "kpi_figure_id": card_line.id}
        documents = self.env["kpi.document"].with_context(**context)
        self.assertTrue(documents.with_user(self.user_seller).search([]))
        self.assertTrue(documents.with_user(self.user_lead).search([]))
        for user in (self.user_seller_2, self.user_warehouse_lead, self.user_expert):
            with self.assertRaises(AccessError):
                documents.with_user(user).search([])

    # ----------------------------------------------------------------- companies
    def company_models(self):
        for row in ACCESS.strip().splitlines()[1:]:
            model = row.split()[0]
            if model != "kpi.document" and model not in FEEDBACK_MODELS:
                yield model

    def company_of(self, records):
        if records._name == "kpi.bonus.scheme.point":
            return records.scheme_id.company_id
        return records.company_id

    def test_nothing_of_another_company(self):
        """Manager and payroll officer in one, of the other company."""
        admin = self._create_user(
            "kpi_both", "manager", ["kpi_quality.group_kpi_quality_payroll"]
        )
        for model in self.company_models():
            everything = self.env[model].sudo().with_context(active_test=False)
            everything = everything.with_context(allowed_company_ids=None).search([])
            for user, company in (
                (self.user_foreign, self.other),
                (admin, self.company),
            ):
                with self.subTest(model=model, company=company.name):
                    records = (
                        self.env[model]
                        .with_user(user)
                        .with_context(allowed_company_ids=company.ids)
                    )
                    found = records.search([])
                    if model != "kpi.measurement.change":  # of nights; none here
                        self.assertTrue(self.company_of(found.sudo()) & company)
                    self.assertLessEqual(self.company_of(found.sudo()), company)
                    foreign = everything.filtered(
                        lambda record, company=company: (
                            self.company_of(record)
                            and self.company_of(record) != company
                        )
                    )
                    for operation in ("read", "write", "unlink"):
                        self.assertFalse(
                            records.browse(foreign.ids)._filtered_access(operation)
                        )

    def test_nothing_is_made_for_another_company(self):
        foreign = self.env["kpi.period"].search([("company_id", "=", self.other.id)])
        manager = self.env(user=self.user_manager)
        for model, values in (
            ("kpi.site", {"name": "Mine", "tz": "UTC"}),
            ("kpi.matrix", {"name": "Mine"}),
            ("kpi.period", {"date_from": "2025-09-01"}),
            ("kpi.measurement", {"indicator_id": self.conversion.id}),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                manager[model].create({**values, "company_id": self.other.id})
        with self.assertRaises(AccessError):
            manager["kpi.target"].create(
                {
                    "indicator_id": self.conversion.id,
                    "period_id": foreign.id,
                    "base": 1,
                    "plan": 2,
                    "challenge": 3,
                }
            )
        with self.assertRaises(UserError):
            self.create_run(period_id=foreign.id)
        with self.assertRaises(AccessError):
            self.create_run(period_id=foreign.id, company_id=self.other.id)

    def test_nothing_is_handed_to_another_company(self):
        """Odoo looks at the rules before a write only."""
        admin = self._create_user(
            "kpi_handing", "manager", ["kpi_quality.group_kpi_quality_payroll"]
        )
        for model in HANDED_OVER:
            mine = self.env[model].with_user(admin).search([], limit=1)
            self.assertEqual(mine.sudo().company_id, self.company, model)
            with (
                self.subTest(model),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                mine.write({"company_id": self.other.id})
                self.env.flush_all()
