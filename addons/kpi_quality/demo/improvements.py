"""What was done about the delays: the extended receiving, and what is under way."""

from datetime import datetime, time, timedelta

from .vendors import VENDORS

# What was found in the documents of a review.
FOUND = {
    "delivery_late_share": "Маршрут составлен без учёта времени клиентов",
    "pick_late_share": "Заказ взят за полчаса до конца смены",
}
WORST_VENDOR = next(n for n, vendor in enumerate(VENDORS) if vendor.late > 0.5)


def make(demo):
    """Actions and episodes, once everything is measured."""
    _remember_episode(demo)
    actions = demo.env["kpi.improvement"].create(list(_actions(demo)))
    _read_some(actions.filtered(lambda action: action.kind == "review"))
    demo.env["kpi.alert"]._watch()


def _actions(demo):
    central = demo.warehouses["central"].id
    extended = demo.months[2]  # as in supply_plan
    base = {"company_id": demo.company.id}
    yield base | {
        "name": "Расширить приёмку: вторая линия разгрузки и ещё один приёмщик в смену",
        "cause": "Не хватает площади и людей на приёмке",
        "plan": "Освободить 120 м² у ворот 3 и 4, поставить второй стол сверки, "
        "принимать в день прибытия.",
        "kind": "cure",
        "indicator_id": demo.indicators["inbound_delay_receiving"].id,
        "warehouse_id": central,
        "user_id": demo.people["warehouse"].user.id,
        "date_start": extended - timedelta(days=10),
        "date_deadline": extended - timedelta(days=1),
        "state": "done",
        "result": "Вторая линия работает, товар принимают в день прибытия.",
    }
    yield base | {
        "name": "МедиаОпт срывает сроки три раза из четырёх",
        "cause": "Поставщик обещает без товара на складе",
        "plan": "Договориться о штрафе за опоздание, найти второго поставщика.",
        "kind": "reaction",
        "indicator_id": demo.indicators["supplier_late_share"].id,
        "partner_id": demo.vendors[WORST_VENDOR].id,
        "department_id": demo.departments["procurement"].id,
        "user_id": demo.people["procurement"].user.id,
        "date_start": demo.today - timedelta(days=5),
        "date_deadline": demo.today + timedelta(days=9),
    }
    yield base | {
        "name": "Почему этот курьер опаздывает чаще других",
        "kind": "review",
        "indicator_id": demo.indicators["delivery_late_share"].id,
        "employee_id": demo.people["courier3"].employee.id,
        "user_id": demo.people["delivery"].user.id,
        "date_start": demo.today - timedelta(days=3),
        "date_deadline": demo.today + timedelta(days=4),
    }
    yield base | {
        "name": "Комплектовщик собирает с опозданием вдвое чаще других",
        "cause": "Берёт крупные заказы в конце смены",
        "kind": "review",
        "indicator_id": demo.indicators["pick_late_share"].id,
        "employee_id": demo.people["picker7"].employee.id,
        "user_id": demo.people["warehouse"].user.id,
        "date_start": demo.today - timedelta(days=12),
        "date_deadline": demo.today - timedelta(days=2),
    }


def _read_some(reviews):
    """Two of the documents have been read."""
    for review in reviews:
        documents = review.document_ids
        note = FOUND[review.indicator_id.code]
        documents[:1].write({"verdict": "problem", "note": note})
        documents[1:2].write({"verdict": "ok"})


def _remember_episode(demo):
    """Receiving was beyond its limit for weeks, until it was extended."""
    indicator = demo.indicators["inbound_delay_receiving"]
    central = demo.warehouses["central"]
    last = demo.months[2] - timedelta(days=1)
    date_from = last - timedelta(days=6)
    alerts = demo.env["kpi.alert"]
    for place, (value, cases) in alerts._read_places(
        indicator, date_from, last
    ).items():
        if place.warehouse_id != central.id or not alerts._is_beyond(indicator, value):
            continue
        alerts.create(
            {
                "indicator_id": indicator.id,
                "company_id": demo.company.id,
                "warehouse_id": central.id,
                "user_id": demo.people["warehouse"].user.id,
                "state": "closed",
                "opened_at": datetime.combine(demo.months[0], time(9)),
                "closed_at": datetime.combine(
                    min(demo.months[2] + timedelta(days=5), demo.today), time()
                ),
                "critical_limit": indicator.critical_limit,
                "value": value,
                "worst_value": value,
                "sample": cases,
                "date_from": date_from,
                "date_to": last,
            }
        )
