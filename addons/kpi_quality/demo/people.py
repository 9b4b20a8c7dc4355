"""Who works there: users with their roles, employees with their history."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from odoo import Command

from . import chance, names
from .company import FLOORS, MOSCOW, SHOPS

PASSWORD_LOGINS = (
    "seller operator picker receiver buyer courier director warehouse procurement"
    " delivery retail expert payroll payroll2 kpi hr"
).split()
WAGES = {
    "seller": 62000,
    "shop_director": 120000,
    "operator": 58000,
    "web_head": 130000,
    "picker": 55000,
    "receiver": 52000,
    "warehouse_head": 125000,
    "buyer": 75000,
    "procurement_head": 135000,
    "courier": 60000,
    "dispatcher": 64000,
    "delivery_head": 115000,
    "retail_director": 210000,
    "hr_director": 180000,
    "kpi_manager": 110000,
    "payroll_officer": 85000,
    "expert": 80000,
    "ceo": 350000,
}
SALES = ("sales_team.group_sale_salesman", "stock.group_stock_user")
ALL_SALES = (
    "sales_team.group_sale_salesman_all_leads",
    "stock.group_stock_user",
    "account.group_account_invoice",
)
PURCHASES = ("purchase.group_purchase_user", "stock.group_stock_user")
GROUPS = {
    "seller": ("kpi_quality.group_kpi_quality_user", *SALES),
    "operator": ("kpi_quality.group_kpi_quality_user", *SALES),
    "picker": ("kpi_quality.group_kpi_quality_user", "stock.group_stock_user"),
    "receiver": ("kpi_quality.group_kpi_quality_user", "stock.group_stock_user"),
    "courier": ("kpi_quality.group_kpi_quality_user", "stock.group_stock_user"),
    "dispatcher": ("kpi_quality.group_kpi_quality_user", "stock.group_stock_user"),
    "buyer": ("kpi_quality.group_kpi_quality_user", *PURCHASES),
    "shop_director": ("kpi_quality.group_kpi_quality_lead", *ALL_SALES),
    "web_head": ("kpi_quality.group_kpi_quality_lead", *ALL_SALES),
    "warehouse_head": (
        "kpi_quality.group_kpi_quality_lead",
        "stock.group_stock_manager",
        "purchase.group_purchase_user",
        "sales_team.group_sale_salesman_all_leads",
    ),
    "procurement_head": (
        "kpi_quality.group_kpi_quality_lead",
        "stock.group_stock_user",
        "purchase.group_purchase_manager",
    ),
    "delivery_head": ("kpi_quality.group_kpi_quality_lead", *ALL_SALES),
    "retail_director": ("kpi_quality.group_kpi_quality_lead", *ALL_SALES),
    "ceo": ("kpi_quality.group_kpi_quality_lead", *ALL_SALES),
    "hr_director": (
        "kpi_quality.group_kpi_quality_manager",
        "hr.group_hr_manager",
        *ALL_SALES,
    ),
    "kpi_manager": ("kpi_quality.group_kpi_quality_manager", *ALL_SALES),
    "payroll_officer": ("kpi_quality.group_kpi_quality_payroll", *ALL_SALES),
    "expert": ("kpi_quality.group_kpi_quality_expert",),
}
HOME = {  # the screen after logging in; else the own figures
    "payroll_officer": "kpi_quality.kpi_bonus_run_action",
    "kpi_manager": "kpi_quality.kpi_period_action",
    "hr_director": "kpi_quality.kpi_scorecard_action_all",
    "retail_director": "kpi_quality.kpi_scorecard_action_team",
    "expert": "kpi_quality.kpi_measurement_action_analysis",
    "warehouse_head": "kpi_quality.kpi_delays_board_action",
    "procurement_head": "kpi_quality.kpi_delays_board_action",
    "delivery_head": "kpi_quality.kpi_delays_board_action",
}


@dataclass
class Person:
    """An employee as the history needs them.

    ``skill`` above 1 sells larger baskets (or picks in time), ``pace`` above 1 serves
    more customers.
    """

    login: str
    job: str
    department: str
    tz: str = MOSCOW
    skill: float = 1.0
    pace: float = 1.0
    hired: date = date(2023, 2, 1)
    left: date | None = None
    moved: tuple | None = None  # (from this day, department)
    name: str = ""
    user: object = field(default=None, repr=False)
    employee: object = field(default=None, repr=False)

    def works_on(self, day):
        """Employed, and on shift: two days on, two days off, or five of seven."""
        if day < self.hired or (self.left and day > self.left):
            return False
        offset = int(chance.share(self.login, "shift") * 4)
        return (day.toordinal() + offset) % 4 < 2

    def department_on(self, day):
        return self.moved[1] if self.moved and day >= self.moved[0] else self.department


def cast(months):
    """The staff.

    :param months: first days of the three months of the history
    :rtype: list[Person]
    """
    staff = [
        Person("ceo", "ceo", "office"),
        Person("retail", "retail_director", "retail"),
        Person("hr", "hr_director", "office"),
        Person("kpi", "kpi_manager", "office"),
        Person("payroll", "payroll_officer", "office"),
        Person("payroll2", "payroll_officer", "office"),
        Person("expert", "expert", "office"),
        Person("web_head", "web_head", "web"),
        Person("warehouse", "warehouse_head", "central"),
    ]
    for shop in SHOPS:
        login = "director" if shop.code == "msk" else f"director_{shop.code}"
        staff.append(Person(login, "shop_director", shop.code, shop.tz))
        for floor, count in zip(FLOORS, shop.sellers, strict=True):
            staff += [
                Person(f"{shop.code}_{floor}{number}", "seller", f"{shop.code}_{floor}")
                for number in range(1, count + 1)
            ]
    staff += [Person(f"web{number}", "operator", "web") for number in range(1, 9)]
    staff += [Person(f"picker{number}", "picker", "central") for number in range(1, 11)]
    staff += _supply_staff()
    zones = {shop.code: shop.tz for shop in SHOPS}
    for number, person in enumerate(staff):
        person.name = names.person(number)
        person.tz = zones.get(person.department[:3], MOSCOW)
        person.skill = chance.between(0.85, 1.2, person.login, "skill")
        person.pace = chance.between(0.85, 1.15, person.login, "pace")
        person.hired = date(2021, 3, 1) + timedelta(
            days=int(chance.share(person.login, "hired") * 1500)
        )
    _give_stories({person.login: person for person in staff}, months)
    return staff


def _supply_staff():
    """Who buys, receives and delivers."""
    yield Person("procurement", "procurement_head", "procurement")
    yield Person("delivery", "delivery_head", "delivery")
    for login, job, department, count in (
        ("buyer", "buyer", "procurement", 3),
        ("receiver", "receiver", "central", 3),
        ("courier", "courier", "delivery", 4),
        ("dispatcher", "dispatcher", "delivery", 2),
    ):
        for number in range(1, count + 1):
            yield Person(f"{login}{number}", job, department)


def _give_stories(people, months):
    """What makes some of them worth a look."""
    middle = months[1]
    star, weak = people["spb_el2"], people["kzn_el3"]
    star.skill, star.pace = 1.9, 1.4
    weak.skill, weak.pace = 0.5, 0.6
    people["picker7"].skill = 0.45  # late most often
    people["courier3"].skill = 0.4  # likewise
    people["nsk_el4"].hired = middle + timedelta(days=11)
    people["kzn_ac2"].left = middle + timedelta(days=17)
    people["msk_el4"].moved = (middle + timedelta(days=13), "msk_ac")
    for alias, login in (
        ("seller", "msk_el1"),
        ("operator", "web1"),
        ("picker", "picker1"),
        ("receiver", "receiver1"),
        ("buyer", "buyer1"),
        ("courier", "courier1"),
    ):
        people[login].login = alias
        people[login].skill = people[login].pace = 1.1


def make(demo):
    """Fill ``demo.people`` with users and employees."""
    demo.people = {person.login: person for person in cast(demo.months)}
    everybody = list(demo.people.values())
    for person, user in zip(everybody, _make_users(demo, everybody), strict=True):
        person.user = user
    employees = (
        demo.env["hr.employee"]
        .with_context(tracking_disable=True)
        .create([_employee_vals(demo, person) for person in everybody])
    )
    for person, employee in zip(everybody, employees, strict=True):
        person.employee = employee
        _make_history(demo, person)
    _appoint_managers(demo)


def _make_users(demo, everybody):
    ref = demo.env.ref
    own_figures = "kpi_quality.kpi_scorecard_action_my"
    return (
        demo.env["res.users"]
        .with_context(no_reset_password=True, tracking_disable=True)
        .create(
            [
                {
                    "name": person.name,
                    "login": person.login,
                    "email": f"{person.login}@severny-veter.example",
                    "lang": demo.lang,
                    "tz": person.tz,
                    "company_id": demo.company.id,
                    "company_ids": [Command.set(demo.company.ids)],
                    "group_ids": [
                        Command.set([ref(group).id for group in GROUPS[person.job]])
                    ],
                    "action_id": ref(HOME.get(person.job, own_figures)).id,
                    "notification_type": "inbox",
                }
                # The others never log in: a hash costs a third of a second.
                | (
                    {"password": person.login}
                    if person.login in PASSWORD_LOGINS
                    else {}
                )
                for person in everybody
            ]
        )
    )


def _employee_vals(demo, person):
    raise_of = chance.choose((0, 0, 2000, 4000, 6000), person.login, "wage")
    return {
        "name": person.name,
        "user_id": person.user.id,
        "company_id": demo.company.id,
        "department_id": demo.departments[person.department].id,
        "job_id": demo.jobs[person.job].id,
        "tz": person.tz,
        "date_version": person.hired,
        "contract_date_start": person.hired,
        "wage": WAGES[person.job] + raise_of,
    }


def _make_history(demo, person):
    """Raises, moves and departures: each a version of its own from its day on."""
    employee = person.employee
    if person.moved:
        day, department = person.moved
        employee.create_version(
            {"date_version": day, "department_id": demo.departments[department].id}
        )
    elif person.hired < demo.months[0] and chance.share(person.login, "raise") < 0.15:
        employee.create_version(
            {"date_version": demo.months[1], "wage": employee.wage + 5000}
        )
    if person.left:
        employee.write(
            {
                "departure_date": person.left,
                "departure_reason_id": demo.env.ref("hr.departure_resigned").id,
                "contract_date_end": person.left,
            }
        )
        employee.active = False
        person.user.active = False


def _appoint_managers(demo):
    heads = {
        "office": "ceo",
        "retail": "retail",
        "web": "web_head",
        "central": "warehouse",
        "procurement": "procurement",
        "delivery": "delivery",
    }
    for person in demo.people.values():
        if person.job == "shop_director":
            heads[person.department] = person.login
    for code, department in demo.departments.items():
        login = heads.get(code) or heads[code.split("_")[0]]
        department.manager_id = demo.people[login].employee
