"""The company «Северный ветер»: sites, warehouses, departments, jobs and accounting.

A company of its own, so that Odoo's own demo data (another currency) stay apart.
"""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from odoo import Command

from .cities import SERVED, SERVED_CITIES

MOSCOW = "Europe/Moscow"


class Shop(NamedTuple):
    """A shop; its two sales floors are departments."""

    code: str
    city: str
    street: str
    tz: str
    sellers: tuple  # on the floors of FLOORS
    pace: float  # how much busier than the average


SHOPS = (
    Shop("msk", "Москва", "ул. Тверская, 18", MOSCOW, (5, 3), 1.15),
    Shop("spb", "Санкт-Петербург", "Невский пр., 71", MOSCOW, (5, 3), 1.05),
    Shop("kzn", "Казань", "ул. Баумана, 44", MOSCOW, (4, 3), 0.95),
    Shop("nsk", "Новосибирск", "Красный пр., 29", "Asia/Novosibirsk", (4, 3), 0.9),
    Shop("vvo", "Владивосток", "ул. Светланская, 33", "Asia/Vladivostok", (4, 3), 0.85),
)
FLOORS = {"el": "Электроника", "ac": "Аксессуары"}
JOBS = {
    "seller": "Продавец-консультант",
    "shop_director": "Директор магазина",
    "operator": "Оператор интернет-магазина",
    "web_head": "Руководитель интернет-магазина",
    "picker": "Комплектовщик",
    "receiver": "Приёмщик",
    "warehouse_head": "Начальник склада",
    "buyer": "Специалист по закупкам",
    "procurement_head": "Руководитель отдела закупок",
    "courier": "Курьер",
    "dispatcher": "Логист",
    "delivery_head": "Руководитель службы доставки",
    "retail_director": "Коммерческий директор",
    "hr_director": "Директор по персоналу",
    "kpi_manager": "Менеджер по KPI",
    "payroll_officer": "Бухгалтер по заработной плате",
    "expert": "Эксперт по качеству обслуживания",
    "ceo": "Генеральный директор",
}


def make(demo):
    """Fill ``demo`` with the company and its places."""
    env = demo.env(context={**demo.env.context, "tracking_disable": True})
    rouble = env.ref("base.RUB")
    rouble.active = True
    company = env["res.company"].create(
        {
            "name": "Северный ветер",
            "country_id": env.ref("base.ru").id,
            "currency_id": rouble.id,
            "city": "Москва",
            "street": "Ленинградский пр., 39",
            "zip": "125167",
        }
    )
    admin = env.ref("base.user_admin")
    admin.write({"company_ids": [Command.link(company.id)], "company_id": company.id})
    # Later than create(), where an address of the web would be looked up in the web.
    company.partner_id.write(
        {
            "lang": demo.lang,
            "tz": MOSCOW,
            "phone": "+7 495 000-00-00",
            "email": "info@severny-veter.example",
            "website": "https://severny-veter.example",
        }
    )
    company.resource_calendar_id.tz = MOSCOW
    demo.enter(company)
    _load_accounting(demo)
    _make_sites(demo)
    _make_departments(demo)
    jobs = demo.env["hr.job"].create(
        [{"name": name, "company_id": company.id} for name in JOBS.values()]
    )
    demo.jobs = dict(zip(JOBS, jobs, strict=True))
    teams = demo.env["crm.team"].create(
        [
            {"name": name, "company_id": company.id}
            for name in ("Розничные магазины", "Интернет-магазин")
        ]
    )
    demo.teams = dict(zip(("shop", "web"), teams, strict=True))
    demo.pricelist = demo.env["product.pricelist"].create(
        {
            "name": "Розничные цены",
            "company_id": company.id,
            "currency_id": rouble.id,
        }
    )


def _load_accounting(demo):
    """The generic chart: Community has none for Russia; VAT is included in prices."""
    company = demo.company
    # Not try_loading(): it warns while modules are being loaded, for the sake of
    # charts of modules that come later; this one is in `account` itself.
    demo.env["account.chart.template"]._load("generic_coa", company, install_demo=False)
    russia = demo.env.ref("base.ru")
    company.write(
        {
            "currency_id": demo.env.ref("base.RUB").id,
            "account_fiscal_country_id": russia.id,
        }
    )
    taxes = company.account_sale_tax_id | company.account_purchase_tax_id
    # All trade is at home: what the chart says about exports from elsewhere goes.
    own = [("company_id", "=", company.id)]
    demo.env["account.fiscal.position"].search(own).unlink()
    (demo.env["account.tax"].search(own) - taxes).unlink()
    group = taxes.tax_group_id[:1].copy({"name": "НДС", "country_id": russia.id})
    taxes.write(
        {
            "name": "НДС 22%",
            "invoice_label": "НДС 22%",
            "amount": 22.0,
            "price_include_override": "tax_included",
            "tax_group_id": group.id,
            "country_id": russia.id,
        }
    )


def _make_sites(demo):
    env, company = demo.env, demo.company
    stores = [
        ("central", "Центральный склад", "Подольск", "ул. Складская, 4", MOSCOW),
        *((s.code, f"Магазин {s.city}", s.city, s.street, s.tz) for s in SHOPS),
    ]
    for code, name, city, street, tz in stores:
        address = env["res.partner"].create(
            {
                "name": f"Северный ветер: {name}",
                "company_id": company.id,
                "city": city,
                "street": street,
                "country_id": company.country_id.id,
                "tz": tz,
                "lang": demo.lang,
            }
        )
        demo.warehouses[code] = env["stock.warehouse"].create(
            {
                "name": name,
                "code": "CW" if code == "central" else code.upper(),
                "delivery_steps": "pick_ship" if code == "central" else "ship_only",
                "partner_id": address.id,
                "company_id": company.id,
            }
        )
    rows = [
        ("office", "Головной офис", "office", MOSCOW, False),
        *(
            (shop.code, f"Магазин {shop.city}", "shop", shop.tz, shop.code)
            for shop in SHOPS
        ),
        ("web", "Интернет-магазин", "web", MOSCOW, False),
        ("central", "Центральный склад", "warehouse", MOSCOW, "central"),
    ]
    for sequence, (code, name, kind, tz, warehouse) in enumerate(rows, 1):
        warehouse = demo.warehouses.get(warehouse, env["stock.warehouse"])
        demo.sites[code] = env["kpi.site"].create(
            {
                "sequence": sequence,
                "name": name,
                "kind": kind,
                "tz": tz,
                "address_id": warehouse.partner_id.id,
                "warehouse_id": warehouse.id,
                "company_id": company.id,
            }
        )
    _assign_areas(demo)
    _have_handovers_marked(demo)


def _assign_areas(demo):
    """Customers of a region belong to the shop there."""
    areas = {(region, False): site for site in SERVED for region in SERVED[site]}
    demo.env["kpi.site.area"].create(
        [
            {
                "site_id": demo.sites[site].id,
                "state_id": demo.env.ref(f"base.state_ru_{region}").id,
                "city": city,
            }
            for (region, city), site in (areas | SERVED_CITIES).items()
        ]
    )


def _have_handovers_marked(demo):
    """At the warehouse, arrivals and deliveries have been marked for a long time."""
    central = demo.warehouses["central"]
    types = central.in_type_id | central.out_type_id
    types.kpi_needs_mark = True
    since = datetime.combine(demo.months[0] - timedelta(days=90), time())
    types.write({"kpi_needs_mark_since": since})


def _make_departments(demo):
    def make(code, name, site, parent=None):
        demo.departments[code] = demo.env["hr.department"].create(
            {
                "name": name,
                "company_id": demo.company.id,
                "kpi_site_id": demo.sites[site].id if site else False,
                "parent_id": demo.departments[parent].id if parent else False,
            }
        )

    make("office", "Администрация", "office")
    make("retail", "Розничная сеть", "office")
    for shop in SHOPS:
        make(shop.code, shop.city, shop.code, "retail")
        for floor, name in FLOORS.items():
            make(f"{shop.code}_{floor}", name, shop.code, shop.code)
    make("web", "Интернет-магазин", "web")
    make("central", "Центральный склад", "central")
    # Both work at the warehouse, so their heads see its figures.
    make("procurement", "Отдел закупок", "central")
    make("delivery", "Служба доставки", "central")
