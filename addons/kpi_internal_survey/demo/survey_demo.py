"""What the parts of the surveys' demo hand on to each other."""

from odoo import SUPERUSER_ID

from odoo.addons.kpi_quality.demo.company import MOSCOW
from odoo.addons.kpi_quality.demo.moments import local_day

DOMAIN = "severny-veter.example"


class SurveyDemo:
    def __init__(self, company):
        self.company = company
        self.env = company.env(
            user=SUPERUSER_ID,
            context={
                "lang": "en_US",
                "allowed_company_ids": company.ids,
                "mail_activity_quick_update": True,  # no letters
                "mail_create_nolog": True,
                "mail_notrack": True,
                "tracking_disable": True,
            },
        )
        self.company = company.with_env(self.env)
        self.today = local_day(self.env["kpi.engine"]._now(), MOSCOW)
        installed = dict(self.env["res.lang"].get_installed())
        self.lang = "ru_RU" if "ru_RU" in installed else "en_US"
        self.departments = {}
        self.campaigns = []

    def user(self, login):
        users = self.env["res.users"].search([("login", "=", login)])
        return users.filtered(lambda user: user.company_id == self.company)

    def units(self, campaign):
        """:return: ``{kpi.survey.unit: code}``"""
        codes = {department: code for code, department in self.departments.items()}
        return {unit: codes[unit.department_id] for unit in campaign.unit_ids}
