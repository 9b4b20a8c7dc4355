from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from ..models.kpi_reader import Figure
from . import (
    company,
    feedback,
    figures,
    history,
    improvements,
    journal,
    people,
    periods,
    products,
    stock,
    supply,
)
from .company import MOSCOW
from .moments import local_day

XML_IDS = "__kpi_demo__"


class Demo:
    """What the parts of the demo hand on to each other."""

    def __init__(self, env):
        self.env = env
        self.now = env["kpi.engine"]._now()
        self.today = local_day(self.now, MOSCOW)
        first = self.today.replace(day=1)
        self.months = [first - relativedelta(months=n) for n in (2, 1, 0)]
        installed = dict(env["res.lang"].get_installed())
        self.lang = "ru_RU" if "ru_RU" in installed else "en_US"
        self.company = env["res.company"]
        self.sites, self.warehouses = {}, {}
        self.departments, self.jobs, self.people, self.teams = {}, {}, {}, {}
        self.pricelist = env["product.pricelist"]
        self.customers = self.vendors = env["res.partner"]
        self.products = {"el": env["product.product"], "ac": env["product.product"]}
        self.indicators, self.matrices = {}, {}
        self.periods = env["kpi.period"]

    def enter(self, company):
        """From here on, everything belongs to the company."""
        self.env = self.env(
            user=SUPERUSER_ID,
            context={
                "lang": "en_US",
                "allowed_company_ids": company.ids,
                "mail_create_nolog": True,
                "tracking_disable": True,
            },
        )
        self.company = company.with_env(self.env)

    def register(self, name, record):
        """An XML id that no upgrade or uninstallation looks after."""
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{XML_IDS}.{name}", "record": record, "noupdate": True}]
        )

    def as_user(self, login):
        """The environment of somebody who works with the figures."""
        return self.env(
            user=self.people[login].user.id,
            context={"lang": self.lang, "allowed_company_ids": self.company.ids},
        )

    def create_in_two_languages(self, model, vals):
        """Translated fields are given as (English, Russian)."""
        pairs = {name: text for name, text in vals.items() if isinstance(text, tuple)}
        record = self.env[model].create(
            vals | {name: english for name, (english, _russian) in pairs.items()}
        )
        return self.write_in_two_languages(record, pairs)

    def write_in_two_languages(self, record, pairs):
        """:param pairs: ``{field: (English, Russian)}``"""
        record.write({name: english for name, (english, _russian) in pairs.items()})
        if self.lang == "ru_RU":
            record.with_context(lang="ru_RU").write(
                {name: russian for name, (_english, russian) in pairs.items()}
            )
        return record

    def measure(self, nightly=False, now=None):
        """What the scheduled actions do, without their commits in between.

        :param now: the moment of measuring; default now
        """
        engine = self.env["kpi.engine"]
        window = engine._open_window()._replace(now=now or self.now)
        indicators = self.env["kpi.indicator"].search([("state", "=", "active")])
        for indicator in indicators:
            engine._measure(indicator, window, nightly)
        self.env["kpi.scorecard.line"]._refresh_live(indicators)
        if nightly:
            self.find_late_corrections()

    def find_late_corrections(self):
        for indicator in self.env["kpi.indicator"].search([("state", "=", "active")]):
            self.env["kpi.late.correction"]._detect(indicator)

    def fact(self, code, place, period):
        """A figure of a site or department in a period."""
        scope, field = {
            "kpi.site": ("site", "site_id"),
            "hr.department": ("department", "department_id"),
        }[place._name]
        figure = Figure(
            self.indicators[code].id,
            self.company.id,
            period.date_from,
            period.date_to,
            scope,
            **{field: place.id},
        )
        return self.env["kpi.reader"]._read_facts([figure])[figure].value


class KpiDemo(models.AbstractModel):
    """The demo company: made when the addon is installed with demo data."""

    _name = "kpi.demo"
    _description = "KPI Demo Company"

    @api.model
    def _make(self):
        """Make the company «Северный ветер» with three months of history.

        Everything follows from the day of the installation.
        """
        if self.env.ref(f"{XML_IDS}.company", raise_if_not_found=False):
            raise UserError(self.env._("The demo company is there already."))
        demo = Demo(self.env)
        for part in (company, people, products):
            part.make(demo)
        with journal.switched_off(demo):
            for part in (history, supply, stock, feedback):
                part.make(demo)
        for part in (figures, periods, improvements):
            part.make(demo)
            self.env.flush_all()
        demo.register("company", demo.company)
        for login, person in demo.people.items():
            demo.register(f"user_{login}", person.user)
