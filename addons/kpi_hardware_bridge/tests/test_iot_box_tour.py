from odoo.tests import HttpCase, tagged

from .box_common import SERIAL, BoxCommon


@tagged("post_install", "-at_install")
class TestIotBoxTour(BoxCommon, HttpCase):
    def test_pair_a_box(self):
        """By a manager in a browser; the box calls from the same page."""
        self.env["ir.config_parameter"].set_param("web.base.url.freeze", "True")
        self.start_tour(
            "/odoo/iot-boxes", "kpi_iot_box_pairing", login=self.user_manager.login
        )
        box = self.boxes.search([("identifier", "=", SERIAL)])
        self.assertEqual(box.name, "Box behind the till")
        self.assertEqual(box.console_ids.point_id, self.counter)
        self.assertEqual(box.command, "restart")
