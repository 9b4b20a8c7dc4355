from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .ingest_common import KEY, IngestCommon

SECRETS = ("key", "next_key", "key_nonce", "boots", "rate_since", "rate_count")
MODELS = ("kpi.console", "kpi.console.button", "kpi.console.reject", "kpi.device.key")
TRICKS = {"_force_unlink": True, "install_mode": True, "import_file": True}


@tagged("post_install", "-at_install")
class TestConsoleAccess(IngestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ingest(cls.event(9))
        cls.reject = cls.env["kpi.console.reject"].search(
            [("res_id", "=", cls.console.id)]
        )
        cls.records = {
            "kpi.console": cls.console,
            "kpi.console.button": cls.console.button_ids[0],
            "kpi.console.reject": cls.reject,
        }
        cls.other_company = cls._create_company("KPI Other Company")
        cls.stranger = new_test_user(
            cls.env,
            "kpi_stranger",
            groups="kpi_quality.group_kpi_quality_manager",
            company_id=cls.other_company.id,
            company_ids=[(6, 0, cls.other_company.ids)],
        )

    def as_stranger(self, records):
        """As a manager of the other company."""
        return records.with_user(self.stranger).with_context(
            allowed_company_ids=self.other_company.ids
        )

    # -------------------------------------------------------------------------- roles
    def test_only_managers_know_consoles(self):
        for name in ("seller", "lead", "expert", "payroll"):
            user = getattr(self, f"user_{name}")
            for model, record in self.records.items():
                with self.subTest(user=name, model=model):
                    mine = record.with_user(user).with_context(**TRICKS)
                    for attempt in (
                        lambda mine=mine: mine.read(["display_name"]),
                        lambda mine=mine: mine.search([]),
                        lambda mine=mine: mine.write({"company_id": 1}),
                        lambda mine=mine: mine.unlink(),
                        lambda mine=mine: mine.create({}),
                    ):
                        with self.assertRaises(AccessError):
                            attempt()
            for action in ("action_new_key", "action_rotate_key", "action_revoke"):
                with self.assertRaises(AccessError):
                    getattr(self.console.with_user(user), action)()
            with self.assertRaises(AccessError):
                self.reject.with_user(user).action_take_again()
        self.assertEqual(self.console.key, KEY)

    def test_another_company_sees_and_changes_nothing(self):
        for model, record in self.records.items():
            theirs = self.as_stranger(self.env[model]).with_context(**TRICKS)
            self.assertFalse(theirs.with_context(active_test=False).search([]))
            with self.assertRaises(AccessError):
                theirs.browse(record.id).read(["display_name"])
            with self.assertRaises(AccessError):
                theirs.browse(record.id).unlink()
        console = self.as_stranger(self.console)
        for attempt in (
            lambda: console.write({"name": "Mine"}),
            console.action_new_key,
            console.action_rotate_key,
            console.action_revoke,
            self.as_stranger(self.reject).action_take_again,
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual(self.console.key, KEY)

    def test_nothing_is_handed_to_another_company(self):
        console = self.console.with_user(self.user_manager)
        with self.assertRaises(UserError):
            console.company_id = self.other_company
        with self.assertRaises(UserError):
            self.as_stranger(self.env["kpi.console"]).create(
                {
                    "name": "Theirs",
                    "point_id": self.counter.id,
                    "company_id": self.other_company.id,
                }
            )
        theirs = self.as_stranger(self.env["kpi.console"]).create(
            {"name": "Theirs", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            theirs.point_id = self.counter
        with self.assertRaises(UserError):
            theirs.button_ids = [
                (0, 0, {"number": 1, "button": "yes", "point_id": self.counter.id})
            ]
        with self.assertRaises(UserError):
            self.reject.with_user(self.user_manager).console_id = theirs

    # ------------------------------------------------------------------------ secrets
    def test_nobody_reads_or_writes_a_key(self):
        administrator = self.env.ref("base.user_admin")
        administrator.company_ids |= self.company
        administrator.group_ids |= self.env.ref("kpi_quality.group_kpi_quality_manager")
        for user in (self.user_manager, administrator):
            console = self.console.with_user(user).with_context(
                allowed_company_ids=self.company.ids
            )
            self.assertFalse(set(SECRETS) & set(console.fields_get()))
            self.assertFalse(set(SECRETS) & set(console.read()[0]))
            for name in SECRETS:
                with self.subTest(user=user.login, field=name):
                    for attempt in (
                        lambda c=console, n=name: c.read([n]),
                        lambda c=console, n=name: c[n],
                        lambda c=console, n=name: c.write({n: False}),
                        lambda c=console, n=name: c.search([(n, "like", "5f")]),
                        lambda c=console, n=name: c.search([], order=n),
                        lambda c=console, n=name: c._read_group([], [n]),
                        lambda c=console, n=name: c.export_data([n]),
                    ):
                        with self.assertRaises(UserError):
                            attempt()

    def test_a_key_is_shown_once(self):
        console = self.console.with_user(self.user_manager)
        context = console.action_new_key()["context"]
        dialog = self.env["kpi.device.key"].with_user(self.user_manager)
        form = Form(dialog.with_context(**context))
        self.assertEqual(form.key, context["default_key"])
        self.assertEqual(form.identifier, console.identifier)
        self.assertEqual(self.console.key, form.key)
        saved = dialog.with_context(**context).create({})
        self.assertFalse(dialog.browse(saved.id).read(["key"])[0]["key"])
        self.env.cr.execute("SELECT * FROM kpi_device_key WHERE id = %s", saved.ids)
        self.assertNotIn(form.key, map(str, self.env.cr.fetchone()))

    def test_a_copy_has_nothing_of_the_original(self):
        copy = self.console.copy()
        self.assertNotEqual(copy.identifier, self.console.identifier)
        self.assertFalse(copy.key)
        self.assertFalse(copy.last_seen_at)
        self.assertEqual(len(copy.button_ids), len(self.console.button_ids))

    # ------------------------------------------------------------------------ refused
    def test_what_was_refused_stays_as_it_came(self):
        reject = self.reject.with_user(self.user_manager).with_context(**TRICKS)
        for name, value in (
            ("raw", "{}"),
            ("pressed_at", "2020-01-01"),
            ("reason", "uuid"),
            ("source", "manual"),
            ("res_id", 1),
        ):
            with self.assertRaises(AccessError):
                reject.write({name: value})
        with self.assertRaises(AccessError):
            reject.create({"raw": "{}"})
        reject.console_id = self.console
        reject.unlink()

    # -------------------------------------------------------------------- constraints
    def test_identifiers_and_buttons(self):
        with self.assertRaises(ValidationError):
            self.console.identifier = "a\nb"
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.make_console("Console", self.counter)
        line = self.console.button_ids[0]
        for number, error in ((0, CheckViolation), (2, UniqueViolation)):
            with self.assertRaises(error), mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    line.number = number
                    line.flush_recordset()

    def test_traffic_light(self):
        self.assertEqual(self.make_console("New", self.counter).state, "new")
        self.assertEqual(self.console.state, "silent")
        self.console.last_seen_at = "2025-03-20 08:50:00"
        self.assertEqual(self.console.state, "warning")
        self.assertEqual(self.console.state_reason, "Presses were refused: see why.")
        self.reject.unlink()
        self.console.invalidate_recordset()
        self.assertEqual(self.console.state, "ok")
        self.console.queue_length = 101
        self.assertEqual(self.console.state_reason, "Many presses wait on the device.")
        self.console.action_revoke()
        self.assertEqual(self.console.state, "revoked")
