"""The head office of the demo company: who supports the shops, and who leads them."""

from datetime import date, timedelta
from typing import NamedTuple

from odoo import Command

from odoo.addons.kpi_quality.demo import chance, names

from .survey_demo import DOMAIN

LEAD = "kpi_quality.group_kpi_quality_lead"
BOARD = "kpi_internal_survey.group_kpi_survey_board"
# The screen after logging in.
HOME = "kpi_internal_survey.kpi_survey_results_action"
# Numbers of the people who were there before end below.
FIRST_NUMBER = 200


class Office(NamedTuple):
    """A department of the head office.

    ``head`` is the login of the director: of somebody who is there already, or the
    job of a new one.
    """

    name: str
    people: int  # new ones, with the director
    job: str
    head_job: str | None = None
    wage: int = 90000


# New departments; their directors' logins are the codes.
OFFICES = {
    "accounting": Office("Бухгалтерия", 9, "Бухгалтер", "Главный бухгалтер"),
    "finance": Office("Финансовый отдел", 8, "Экономист", "Финансовый директор"),
    "it": Office("Отдел ИТ", 10, "Инженер поддержки", "Директор по ИТ", 120000),
    "people": Office("Отдел персонала", 8, "Специалист по персоналу"),
    "marketing": Office("Отдел маркетинга", 9, "Маркетолог", "Директор по маркетингу"),
    "legal": Office(
        "Юридический отдел", 7, "Юрист", "Руководитель юридического отдела"
    ),
}
# More people for departments that have too few to be a unit of their own.
MORE = {
    "retail": Office("Розничная сеть", 7, "Специалист розничной сети"),
    "procurement": Office("Отдел закупок", 6, "Специалист по поставкам"),
}
# Units of the head office that were there, and the shops, by their names.
OTHERS = {
    "office": "Администрация",
    "web": "Интернет-магазин",
    "central": "Центральный склад",
    "delivery": "Служба доставки",
}
SHOPS = {
    "msk": "Москва",
    "spb": "Санкт-Петербург",
    "kzn": "Казань",
    "nsk": "Новосибирск",
    "vvo": "Владивосток",
}
# These log in; for the others a password only costs time.
LOGINS = ("it", "accounting", "board")


def make(demo):
    """Fill ``demo`` with departments, and people in the new ones."""
    known = demo.env["hr.department"].search([("company_id", "=", demo.company.id)])
    tops = {
        department.name: department
        for department in known
        if not department.parent_id or department.parent_id.name == "Розничная сеть"
    }
    there = {code: office.name for code, office in MORE.items()} | OTHERS | SHOPS
    demo.departments = {code: tops[name] for code, name in there.items()}
    for code, office in OFFICES.items():
        demo.departments[code] = demo.env["hr.department"].create(
            {
                "name": office.name,
                "company_id": demo.company.id,
                "kpi_site_id": demo.departments["office"].kpi_site_id.id,
            }
        )
    for code, department in demo.departments.items():
        department.write(
            {
                "kpi_is_unit": True,
                "kpi_unit_kind": "regional" if code in SHOPS else "head_office",
            }
        )
    _hire(demo)


def _hire(demo):
    jobs = _make_jobs(demo)
    users = _make_users(demo)
    vals, number = [], FIRST_NUMBER
    for code, office in {**OFFICES, **MORE}.items():
        for place in range(office.people):
            is_head = office.head_job and not place
            user = users.get(code) if is_head else None
            login = code if is_head else f"{code}{place}"
            hired = date(2021, 3, 1) + timedelta(
                days=int(chance.share(login, "hired") * 1300)
            )
            vals.append(
                {
                    "name": user.name if user else names.person(number),
                    "user_id": user.id if user else False,
                    "work_email": f"{login.replace('_', '.')}@{DOMAIN}",
                    "company_id": demo.company.id,
                    "department_id": demo.departments[code].id,
                    "job_id": jobs[office.head_job if is_head else office.job].id,
                    "date_version": hired,
                    "contract_date_start": hired,
                    "wage": office.wage * (2.2 if is_head else 1),
                }
            )
            number += 1
    board = users["board"]
    vals.append(
        {
            "name": board.name,
            "user_id": board.id,
            "work_email": board.email,
            "company_id": demo.company.id,
            "department_id": demo.departments["office"].id,
            "job_id": jobs["Член правления"].id,
            "date_version": "2021-03-01",
            "contract_date_start": "2021-03-01",
            "wage": 300000,
        }
    )
    employees = demo.env["hr.employee"].create(vals)
    for employee in employees.filtered("user_id"):
        if employee.user_id != board:
            employee.department_id.manager_id = employee
    demo.departments["people"].manager_id = demo.user("hr").employee_ids
    demo.user("ceo").group_ids = [Command.link(demo.env.ref(BOARD).id)]


def _make_jobs(demo):
    titles = ["Член правления"]
    for office in {**OFFICES, **MORE}.values():
        titles += filter(None, (office.job, office.head_job))
    jobs = demo.env["hr.job"].create(
        [{"name": title, "company_id": demo.company.id} for title in titles]
    )
    return dict(zip(titles, jobs, strict=True))


def _make_users(demo):
    """Directors of the new departments, and a member of the board.

    :return: ``{login: user}``
    """
    logins = [code for code, office in OFFICES.items() if office.head_job] + ["board"]
    users = (
        demo.env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": names.person(FIRST_NUMBER + 100 + number),
                    "login": login,
                    "email": f"{login}@{DOMAIN}",
                    "lang": demo.lang,
                    "tz": "Europe/Moscow",
                    "company_id": demo.company.id,
                    "company_ids": [Command.set(demo.company.ids)],
                    "group_ids": [
                        Command.set(
                            demo.env.ref(BOARD if login == "board" else LEAD).ids
                        )
                    ],
                    "action_id": demo.env.ref(HOME).id,
                    "notification_type": "inbox",
                }
                | ({"password": login} if login in LOGINS else {})
                for number, login in enumerate(logins)
            ]
        )
    )
    return dict(zip(logins, users, strict=True))
