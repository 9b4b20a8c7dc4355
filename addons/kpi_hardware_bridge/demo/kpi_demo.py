"""Devices in the shops of the demo company, each with something to see."""

from datetime import timedelta
from typing import NamedTuple

from odoo import Command, api, fields, models

from ..iot_handlers.kpi_lib import VERSION

PREFIX = "demo-"
MONTH = timedelta(days=30)


class Health(NamedTuple):
    """What a device tells of itself; one with an age is not heard any more."""

    queue: int = 0
    version: str | None = VERSION
    skew: timedelta = timedelta()
    age: timedelta | None = None


WELL = Health()
TABLET = Health(version=None)
HEALTH = {
    "demo-box-msk": WELL,
    "demo-box-kzn": Health(version="0.9.2"),
    "demo-door-msk": Health(version="2.4"),
    "demo-tablet-spb": TABLET,
    "demo-phone-spb": TABLET,
    "demo-red-spb": Health(version=None, skew=timedelta(minutes=47)),
    "demo-tablet-kzn": Health(version=None, age=timedelta(days=2)),
    "demo-tablet-nsk": Health(version=None, queue=37),
    "demo-red-nsk": TABLET,
    "demo-tablet-vvo": TABLET,
}


class KpiDemo(models.AbstractModel):
    _inherit = "kpi.demo"

    @api.model
    def _make_devices(self):
        """Once, when the add-on is installed with demo data."""
        company = self.env.ref("__kpi_demo__.company", raise_if_not_found=False)
        if not company:
            return
        demo = self.with_company(company).with_context(
            allowed_company_ids=company.ids, tracking_disable=True
        )
        points = demo.env["kpi.feedback.point"].search(
            [("company_id", "=", company.id)]
        )
        points = {point.code: point for point in points}
        points["msk_door"] = demo._make_door(points["msk_el"].site_id)
        demo._make_box("msk", "Шкаф у касс", points["msk_el"].site_id)
        demo._make_box("kzn", "Подсобка", points["kzn_el"].site_id)
        consoles = demo.env["kpi.console"].create(
            [
                {
                    "name": name,
                    "identifier": f"{PREFIX}{identifier}",
                    "kind": kind,
                    "point_id": points[code].id,
                    "company_id": company.id,
                    **values,
                }
                for identifier, name, kind, code, values in (
                    ("till-msk", "Пульт на кассе", "serial", "msk_el", demo._at("msk")),
                    ("red-msk", "Красная кнопка", "serial", "msk_red", demo._at("msk")),
                    ("door-msk", "Счётчик у входа", "counter", "msk_door", {}),
                    ("tablet-spb", "Планшет на кассе", "web", "spb_el", {}),
                    (
                        "phone-spb",
                        "Телефон продавца",
                        "web",
                        "spb_ac",
                        {"web_buttons": "seller"},
                    ),
                    ("red-spb", "Планшет у выхода", "web", "spb_red", {}),
                    (
                        "till-kzn",
                        "Клавиатура на кассе",
                        "hid",
                        "kzn_el",
                        demo._at("kzn"),
                    ),
                    ("tablet-kzn", "Планшет у стойки", "web", "kzn_ac", {}),
                    ("tablet-nsk", "Планшет на кассе", "web", "nsk_el", {}),
                    ("red-nsk", "Планшет у выхода", "web", "nsk_red", {}),
                    ("tablet-vvo", "Планшет на кассе", "web", "vvo_el", {}),
                    ("red-vvo", "Планшет у выхода", "web", "vvo_red", {}),
                )
            ]
        )
        consoles.filtered(lambda c: c.kind == "counter").button_ids = [
            Command.clear(),
            Command.create({"number": 1, "button": "visitor"}),
        ]
        demo._hear_devices()
        # They were there before this moment: some of them have been waiting for long.
        waiting = consoles.filtered("queue_length")
        waiting.queue_since = fields.Datetime.now() - timedelta(minutes=40)

    @api.model
    def _make_door(self, site):
        return self.env["kpi.feedback.point"].create(
            {
                "name": "Вход (Москва)",
                "code": "msk_door",
                "site_id": site.id,
                "kind": "counting",
                "entrance_id": site.entrance_ids[:1].id,
            }
        )

    @api.model
    def _make_box(self, code, name, site):
        """A box as it is after the pairing; it has no key, so nothing real gets in."""
        self.env["kpi.iot.box"].create({"name": name, "site_id": site.id}).write(
            {
                "identifier": f"{PREFIX}box-{code}",
                "token": False,
                "paired_at": fields.Datetime.now() - MONTH,
                "booted_at": fields.Datetime.now() - MONTH,
                "has_checked_in": True,
                "ip": "192.0.2.20",
                "mac": "00:00:5e:00:53:20",
                "image_version": "L25.12-19.0",
            }
        )

    @api.model
    def _at(self, code):
        """:return: values of a console that is plugged into a demo box"""
        box = self.env["kpi.iot.box"].search(
            [("identifier", "=", f"{PREFIX}box-{code}")]
        )
        return {"box_id": box.id, "is_plugged": True}

    @api.model
    def _hear_devices(self):
        """What the demo devices would say each minute, if they were there.

        Those that are silent have said it once.
        """
        for model in ("kpi.iot.box", "kpi.console"):
            devices = self.env[model].search([("identifier", "in", list(HEALTH))])
            for device in devices:
                health = HEALTH[device.identifier]
                if not (health.age and device.last_seen_at):
                    self._hear(device, health)

    @api.model
    def _hear(self, device, health):
        now = fields.Datetime.now() - (health.age or timedelta())
        version = health.version
        if device._name == "kpi.console" and device.kind == "web":
            version = f"web {device._web_version()}"
        self.env["kpi.ingestion"]._ingest(
            device,
            {
                "sent_at": (now - health.skew).isoformat(),
                "queue": health.queue,
                "dropped": 0,
                "version": version,
                "events": [],
            },
            now,
        )
