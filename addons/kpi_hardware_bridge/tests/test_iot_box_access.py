from odoo.exceptions import AccessError
from odoo.tests import tagged

from .box_common import BoxCommon

SECRETS = ("token", "token_digest", "key", "next_key", "key_nonce", "channel")
ACTIONS = (
    "action_renew_token",
    "action_release",
    "action_revoke",
    "action_rotate_key",
    "action_restart",
    "action_update_handlers",
    "action_test",
    "action_keep_log",
)


@tagged("post_install", "-at_install")
class TestIotBoxAccess(BoxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = cls._create_company("Rival")
        cls.rival_site = cls.env["kpi.site"].create(
            {"name": "There", "company_id": cls.rival.id}
        )
        cls.rival_box = cls.boxes.create(
            {"name": "Theirs", "site_id": cls.rival_site.id}
        )
        cls.rival_manager = cls._create_user(
            "kpi_rival_manager", "manager", company=cls.rival
        )

    def others(self):
        return (
            self.user_seller,
            self.user_lead,
            self.user_expert,
            self.user_payroll,
            self.env.ref("base.public_user"),
        )

    def test_only_managers_know_of_boxes(self):
        for user in self.others():
            with self.subTest(user=user.login):
                box = self.box.with_user(user)
                with self.assertRaises(AccessError):
                    box.read(["name"])
                with self.assertRaises(AccessError):
                    box.search([])
                with self.assertRaises(AccessError):
                    box.create({"name": "Mine", "site_id": self.shop.id})
                with self.assertRaises(AccessError):
                    box.unlink()

    def test_only_managers_command_them(self):
        self.setup()
        for user in self.others():
            for action in ACTIONS:
                with (
                    self.subTest(user=user.login, action=action),
                    self.assertRaises(AccessError),
                ):
                    getattr(self.box.with_user(user), action)()
        self.assertFalse(self.box.command)
        self.assertTrue(self.box.sudo().key)

    def test_a_manager_pairs_and_commands(self):
        manager = self.boxes.with_user(self.user_manager)
        box = manager.create({"name": "Desk", "site_id": self.shop.id})
        self.assertIn(box.sudo().token, box.pairing_text)
        self.setup(box.sudo().token)
        box.invalidate_recordset()
        for action in ACTIONS[1:]:
            if action == "action_release":
                continue
            if action == "action_revoke":
                continue
            getattr(box, action)()
        self.assertEqual(box.command, "test")
        box.action_revoke()
        box.action_release()
        self.assertEqual(box.pairing_state, "waiting")

    def test_secrets_are_for_nobody(self):
        self.setup()
        admin = self._create_user("kpi_admin", "manager", ["base.group_system"])
        for user in (self.user_manager, admin):
            box = self.box.with_user(user)
            for name in (*SECRETS, "command_ref"):
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        box.read([name])
                    with self.assertRaises(AccessError):
                        box.write({name: "x" * 64})
                    with self.assertRaises(AccessError):
                        box.search([(name, "=like", "a%")])
            self.assertFalse(set(box.read()[0]) & set(SECRETS))

    def test_another_company_is_out_of_reach(self):
        box = self.rival_box.with_user(self.user_manager)
        self.assertNotIn(box, box.search([]))
        for attempt in (
            lambda: box.read(["name", "pairing_text"]),
            lambda: box.write({"name": "Mine"}),
            box.action_release,
            box.action_revoke,
            box.unlink,
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_a_box_is_not_given_away(self):
        box = self.box.with_user(self.user_manager)
        with self.assertRaises(AccessError):
            box.site_id = self.rival_site
        with self.assertRaises(AccessError):
            box.create({"name": "Spy", "site_id": self.rival_site.id})

    def test_a_console_is_not_moved_to_a_box(self):
        """Its box speaks for it: that is how presses could be forged."""
        self.setup(devices={"1a86:7523@1-1": self.device()})
        console = self.box.console_ids.with_user(self.rival_manager)
        with self.assertRaises(AccessError):
            console.write({"box_id": self.rival_box.id})
        with self.assertRaises(AccessError):
            self.env["kpi.console"].with_user(self.rival_manager).create(
                {"name": "Mole", "box_id": self.box.id, "identifier": "mole"}
            )

    def test_strangers_call_without_a_user(self):
        """The routes are public: what they call must not open more than they do."""
        public = self.boxes.with_user(self.env.ref("base.public_user"))
        params = self.setup_params()
        channel = public._setup(self.token, params["iot_box"], {})
        self.assertTrue(channel)
        with self.assertRaises(AccessError):
            public.browse(self.box.id).read(["name"])
