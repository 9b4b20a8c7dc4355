"""Boxes as they call: the request of the stock program, word for word."""

from datetime import datetime

from odoo.addons.kpi_quality.tests.feedback_common import FeedbackCommon

SERIAL = "10000000a1b2c3d4"
ADDRESS = "https://kpi.example.com"


class BoxCommon(FeedbackCommon):
    """``box`` in the shop "Arbat": its token is TOKEN, and nobody has used it yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", ADDRESS)
        cls.boxes = cls.env["kpi.iot.box"]
        cls.box = cls.boxes.create({"name": "Till", "site_id": cls.shop.id})
        cls.token = cls.box.sudo().token

    @classmethod
    def setup_params(cls, token=None, serial=SERIAL, devices=None, **info):
        """What ``/iot/setup`` gets as params."""
        return {
            "iot_box": {
                "identifier": serial,
                "mac": "dc:a6:32:00:00:01",
                "ip": "192.168.7.20",
                "token": token or cls.token,
                "version": "L25.12-19.0-20260101#f00ba12",
                **info,
            },
            "devices": devices or {},
        }

    @classmethod
    def setup(cls, token=None, serial=SERIAL, devices=None, **info):
        """:return: the channel, or None"""
        params = cls.setup_params(token, serial, devices, **info)
        token = params["iot_box"]["token"]
        return cls.boxes._setup(token, params["iot_box"], params["devices"])

    @staticmethod
    def device(name="KPI console", connection="serial", kind="kpi_console"):
        return {
            "name": name,
            "type": kind,
            "manufacturer": "KPI",
            "connection": connection,
            "subtype": "",
        }

    @classmethod
    def check_in(cls, moment=None):
        """As a signed request does."""
        cls.box.last_seen_at = moment or datetime.now().replace(microsecond=0)
