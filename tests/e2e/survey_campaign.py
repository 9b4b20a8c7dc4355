"""For Odoo's shell: a survey that runs, in a company of its own; prints its codes.

Codes are in no table, and nobody can ask for them: only the server has the key.
"""

import json
import os

UNITS = {
    "Бухгалтерия": "head_office",
    "Информационные технологии": "head_office",
    "Управление персоналом": "head_office",
    "Юридическое управление": "head_office",
    "Отделение «Север»": "regional",
}
PEOPLE = 20


def create(env, name):
    """:return: ``{"link": path, "codes": {unit: codes}}``"""
    env["res.lang"]._activate_lang("ru_RU")
    env = env(context={"tracking_disable": True, "no_reset_password": True})
    company = env["res.company"].create({"name": name})
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    for unit, kind in UNITS.items():
        department = env["hr.department"].create(
            {
                "name": unit,
                "company_id": company.id,
                "kpi_is_unit": True,
                "kpi_unit_kind": kind,
            }
        )
        env["hr.employee"].create(
            [
                {
                    "name": f"Сотрудник {number} ({unit})",
                    "company_id": company.id,
                    "department_id": department.id,
                    "work_email": f"{department.id}.{number}@survey.example.com",
                }
                for number in range(PEOPLE)
            ]
        )
    campaign = env["kpi.survey.campaign"].create(
        {
            "name": name,
            "company_id": company.id,
            "date_from": "2025-11-03",
            "date_to": "2025-11-21",
            "comment_rule": "required",
        }
    )
    campaign._snapshot()
    key = env["kpi.survey.key"]
    key._make(campaign)
    env["kpi.survey.ballot"]._issue(campaign)
    campaign.state = "running"  # without a letter to anybody
    env.cr.commit()
    codes = key._codes(campaign, campaign.participant_ids)
    return {
        "link": campaign._form_path(),
        "codes": {
            unit: [
                code for person, code in codes.items() if person.unit_id.name == unit
            ]
            for unit in UNITS
        },
    }


if "env" in globals():  # the shell has one
    created = create(globals()["env"], os.environ["KPI_CAMPAIGN"])
    print(os.environ["KPI_MARK"] + json.dumps(created))
