"""What came of the surveys: meetings, actions, recommendations, and a figure."""

from datetime import timedelta

from odoo import Command

MATRIX = ("Director of a support department", "Директор поддерживающего подразделения")
# Of the months that the demo company has.
REVENUE = {"base": 80_000_000, "plan": 125_000_000, "challenge": 150_000_000}
# Days after the last day of the survey.
HELD_AFTER = {"board": 10, "talk": 17, "directors": 24, "specialists": 31}
MINUTES = {
    "board": "<p>Рассмотрели рейтинг и матрицу. Поручили провести беседы с директорами "
    "подразделений ниже среднего по компании.</p>",
    "talk": "<p>Обсудили место в рейтинге, замечания коллег и самооценку. "
    "Договорились о плане на полгода.</p>",
    "directors": "<p>Разобрали критерии по группам, распределили ответственных.</p>",
    "specialists": "<p>Показали результаты, поблагодарили за участие. Примеры из "
    "работы записаны, виноватых не искали.</p>",
}
# After the second survey, these have not met with their specialists yet.
WAITING = ("procurement", "central", "legal", "finance", "delivery")
RECOMMENDATIONS = (
    (
        None,
        "Средняя оценка соответствует ожиданиям. Слабее всего - своевременное "
        "информирование: публикуйте изменения для магазинов раз в неделю, в одном "
        "месте.",
    ),
    (
        "it",
        "Рост после портала заявок и дежурств - лучший в компании. Закрепите сроки "
        "ответа по сложным заявкам и покажите их всем.",
    ),
    (
        "procurement",
        "Проведите вместе с Центральным складом разбор трёх последних спорных поставок "
        "и согласуйте окно приёмки. Ведущий - отдел персонала.",
    ),
    (
        "central",
        "Назначьте одного человека на связь с закупками в каждую смену. Через месяц "
        "сверьте, сколько машин ждали больше часа.",
    ),
    (
        "legal",
        "Назовите сроки согласования типовых договоров и отвечайте, когда срок не "
        "выдержан: коллег беспокоит не строгость, а неизвестность.",
    ),
    (
        "finance",
        "Об изменениях бюджета сообщайте до того, как они вступают в силу.",
    ),
)
FOR_BOARD = (
    "Закупки и склад оценивают друг друга заметно ниже, чем остальных и чем их "
    "оценивают остальные. Это конфликт двух подразделений, а не их качество: нужна "
    "встреча с участием генерального директора."
)
ACTIONS = (
    {
        "name": "Заявки в ИТ теряются, срок никто не знает",
        "cause": "Заявки приходят почтой и в чат",
        "plan": "Портал заявок с номером и сроком; памятка для магазинов.",
        "result": "Портал работает, девять заявок из десяти закрываются в срок.",
        "days": 90,
    },
    {
        "name": "В выходные магазинам некому помочь",
        "cause": "Нет дежурного по выходным",
        "plan": "График дежурств на субботу и воскресенье, один номер телефона.",
        "result": "Дежурят по двое, простоев касс по выходным больше не было.",
        "days": 60,
    },
    {
        "name": "Об обновлениях узнают, когда всё уже стоит",
        "cause": "Нет правила предупреждать",
        "plan": "Предупреждать за неделю, обновлять по вторникам ночью.",
        "result": "За полгода ни одного обновления без предупреждения.",
        "days": 45,
    },
)
OPEN_ACTION = {
    "name": "Машины ждут у ворот, склад и закупки не договорились об окне приёмки",
    "cause": "График поставок не согласован со складом",
    "plan": "Общий график на неделю вперёд, один ответственный с каждой стороны.",
    "days": 45,
}


def make(demo):
    first, second, _running = demo.campaigns
    _hold(demo, first, waiting=())
    _hold(demo, second, waiting=WAITING)
    done = _improve(demo, first)
    _improve_now(demo, second)
    _recommend(demo, second)
    (done | demo.env["kpi.improvement"].search([("state", "=", "open")]))._compare()
    _agree_on_targets(demo, second)


def _hold(demo, campaign, waiting):
    """The cascade: held long ago, but for some meetings with specialists."""
    units = demo.units(campaign)
    # The agenda is copied, and translations are loaded only after the demo data.
    demo.env["ir.module.module"]._load_module_terms(
        ["kpi_internal_survey"], [demo.lang]
    )
    meetings = campaign.with_context(lang=demo.lang)._plan_cascade()
    open_ones = meetings.filtered(
        lambda meeting: (
            meeting.level == "specialists" and units[meeting.unit_id] in waiting
        )
    )
    for level, held in (meetings - open_ones).grouped("level").items():
        held.write(
            {
                "date": campaign.date_to + timedelta(days=HELD_AFTER[level]),
                "state": "held",
                "minutes": MINUTES[level],
            }
        )
    open_ones.write({"date": demo.today + timedelta(days=9)})


def _meeting(demo, campaign, code, level):
    return campaign.meeting_ids.filtered(
        lambda meeting: (
            meeting.level == level
            and meeting.unit_id.department_id == demo.departments[code]
        )
    )[:1]


def _improve(demo, campaign):
    """What IT did after the first survey."""
    start = campaign.date_to + timedelta(days=20)
    return demo.env["kpi.improvement"].create(
        [
            {
                **{name: text for name, text in action.items() if name != "days"},
                "kind": "cure",
                "state": "done",
                "kpi_meeting_id": _meeting(demo, campaign, "it", "specialists").id,
                "user_id": demo.user("it").id,
                "date_start": start,
                "date_deadline": start + timedelta(days=action["days"]),
            }
            for action in ACTIONS
        ]
    )


def _improve_now(demo, campaign):
    """Planned in a talk after the second survey, and under way."""
    action = {name: text for name, text in OPEN_ACTION.items() if name != "days"}
    return demo.env["kpi.improvement"].create(
        {
            **action,
            "kind": "cure",
            "kpi_meeting_id": _meeting(demo, campaign, "procurement", "talk").id
            or _meeting(demo, campaign, "procurement", "specialists").id,
            "user_id": demo.user("procurement").id,
            "date_start": demo.today - timedelta(days=12),
            "date_deadline": demo.today + timedelta(days=OPEN_ACTION["days"]),
        }
    )


def _recommend(demo, campaign):
    units = {code: unit for unit, code in demo.units(campaign).items()}
    demo.env["kpi.survey.recommendation"].create(
        [
            {
                "campaign_id": campaign.id,
                "unit_id": units[code].id if code else False,
                "text": text,
            }
            for code, text in RECOMMENDATIONS
        ]
        + [{"campaign_id": campaign.id, "text": FOR_BOARD, "is_for_board": True}]
    )


def _agree_on_targets(demo, campaign):
    """The yearly scorecard of the director of IT: a quarter of it is the survey."""
    template = demo.env["kpi.matrix.template"].create(
        {"template": "support_director", "company_id": demo.company.id}
    )
    matrix = template._create_matrix()
    matrix.name = MATRIX[0]
    if demo.lang == "ru_RU":
        matrix.with_context(lang="ru_RU").name = MATRIX[1]
    revenue = matrix.line_ids.filtered(lambda line: line.indicator_id.unit == "money")
    revenue.write(REVENUE)
    director = demo.departments["it"].manager_id
    matrix.assignment_ids = [Command.create({"employee_id": director.id})]
    year = demo.env["kpi.period"].create(
        {
            "kind": "year",
            "date_from": campaign.date_to.replace(month=1, day=1),
            "company_id": demo.company.id,
        }
    )
    demo.env["kpi.scorecard"]._generate(year)
    card = demo.env["kpi.scorecard"].search([("matrix_id", "=", matrix.id)])
    card.with_user(director.user_id).action_agree()
    card.line_ids._refresh_facts()
