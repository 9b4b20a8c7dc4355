"""One audit of service that is closed, and one that repeats it and runs."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command

from .company import SHOPS


def make(demo):
    audits = demo.as_user("kpi")["kpi.quality.audit"]
    audit = audits.create(
        {
            "name": "Аудит обслуживания в магазинах",
            "company_id": demo.company.id,
            "date_from": demo.months[1],
            "date_to": demo.months[2] - timedelta(days=1),
            # Each question is asked on a third of the days.
            "least_days_covered": 30,
            "site_ids": [Command.set([demo.sites[shop.code].id for shop in SHOPS])],
        }
    )
    audit.action_start()
    audit.action_close()
    repeat = audits.browse(audit.action_repeat()["res_id"])
    repeat.write(
        {
            "date_from": demo.months[2],
            "date_to": demo.months[2] + relativedelta(day=31),
        }
    )
    repeat.action_start()
