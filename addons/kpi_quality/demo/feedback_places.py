"""Where customers are heard: opening hours, doors, points, cameras, questions, duty."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import Command
from odoo.tools import SQL

from . import chance
from .company import FLOORS, SHOPS
from .feedback_plan import COUNTERS, DECADES
from .moments import UTC, local_day, moment
from .plan import SHOP_HOURS, WEEKDAYS

OPENS, CLOSES = 10, 21
# Of 100 visitors, so many come to each floor (the study of each shop).
POPULARITY = {"el": (0.66, 0.74), "ac": (0.36, 0.44)}
REFERENCES = {
    "dissatisfaction_staff": 15,
    "dissatisfaction_office": 18,
    "emotional_loyalty": 45,
    "sale_conversion": 40,
    "visitor_coverage": 85,
    "dissatisfaction_department": 1.5,
}


def make(demo):
    # Everybody who comes is asked, not only who buys.
    demo.company.kpi_share_asked_base = "visits"
    _open_shops(demo)
    demo.points = {}
    for shop in SHOPS:
        _make_points(demo, shop)
    _ask_by_decades(demo)
    _know_references(demo)


def _open_shops(demo):
    """From ten to nine, every day, by the clock of the city."""
    for shop in SHOPS:
        site = demo.sites[shop.code]
        site.write(
            {
                "manager_id": demo.people[
                    "director" if shop.code == "msk" else f"director_{shop.code}"
                ].user.id,
                "opening_calendar_id": demo.env["resource.calendar"]
                .create(
                    {
                        "name": f"Магазин {shop.city}: ежедневно 10–21",
                        "tz": shop.tz,
                        "company_id": demo.company.id,
                        "attendance_ids": [
                            Command.create(
                                {
                                    "name": "Открыто",
                                    "dayofweek": str(day),
                                    "hour_from": OPENS,
                                    "hour_to": CLOSES,
                                    "day_period": "morning",
                                }
                            )
                            for day in range(7)
                        ],
                    }
                )
                .id,
            }
        )


def _make_points(demo, shop):
    site = demo.sites[shop.code]
    camera = demo.env["kpi.feedback.camera"].create(
        {
            "name": f"{shop.city}: касса",
            "site_id": site.id,
            "archive_link": f"https://video.severny-veter.example/{shop.code}/till"
            "?from={start}&to={end}",
            # A drawn scene, the same for every press, which is made at its 10th second.
            "clip_link": "/kpi_quality/static/demo/till.webm",
            "seconds_before": 10,
            "seconds_after": 18,
        }
    )
    for code, name, kind, department in (
        (f"{shop.code}_el", "Касса, электроника", "three_button", f"{shop.code}_el"),
        (f"{shop.code}_ac", "Стойка, аксессуары", "seller_button", f"{shop.code}_ac"),
        (f"{shop.code}_red", "Красная кнопка", "red_button", f"{shop.code}_el"),
    ):
        demo.points[code] = demo.env["kpi.feedback.point"].create(
            {
                "name": f"{name} ({shop.city})",
                "code": code,
                "site_id": site.id,
                "department_id": demo.departments[department].id,
                "kind": kind,
                "seller_meaning": "attempt" if kind == "seller_button" else "both",
                "camera_id": camera.id,
            }
        )
    demo.env["kpi.site.entrance"].create({"name": "Главный вход", "site_id": site.id})
    _study_popularity(demo, shop, site)


def _study_popularity(demo, shop, site):
    """In the month before the history; the seed asks for 100 visitors at least."""
    begins = demo.months[0] - timedelta(days=20)
    visitors = int(chance.between(180, 320, shop.code, "study"))
    study = demo.env["kpi.popularity.study"].create(
        {
            "name": f"Популярность отделов, {shop.city}",
            "site_id": site.id,
            "start": datetime.combine(begins, time(7)),
            "stop": datetime.combine(begins + timedelta(days=2), time(18)),
            "valid_from": demo.months[0],
            "site_visitors": visitors,
            "line_ids": [
                Command.create(
                    {
                        "department_id": demo.departments[f"{shop.code}_{floor}"].id,
                        "observed": round(
                            visitors
                            * chance.between(*POPULARITY[floor], shop.code, floor)
                        ),
                    }
                )
                for floor in FLOORS
            ],
        }
    )
    study.action_start()
    study.action_accept()


def _ask_by_decades(demo):
    """A question for each third of a month, for all customers of the company."""
    questions = {
        question.kind: question
        for question in demo.env["kpi.feedback.question"].search(
            [("company_id", "=", False)], order="sequence DESC"
        )
    }
    rows = []
    for month in demo.months:
        following = (month + timedelta(days=32)).replace(day=1)
        for number, kind in enumerate(DECADES):
            first = month + timedelta(days=10 * number)
            last = (
                following - timedelta(days=1)
                if number == 2
                else first + timedelta(days=9)
            )
            rows.append(
                {
                    "company_id": demo.company.id,
                    "question_id": questions[kind].id,
                    "date_from": first,
                    "date_to": last,
                    "change": "calendar",
                }
            )
    demo.env["kpi.feedback.question.period"].create(rows)
    demo.env["kpi.feedback.question.plan"].create(
        {
            "company_id": demo.company.id,
            "change": "calendar",
            "stretch": "decade",
            "date_from": following,
            "line_ids": [
                Command.create({"sequence": number, "question_id": questions[kind].id})
                for number, kind in enumerate(DECADES)
            ],
        }
    )


def _know_references(demo):
    indicators = demo.env["kpi.indicator"].search([("code", "in", list(REFERENCES))])
    demo.env["kpi.reference"].create(
        [
            {
                "indicator_id": indicator.id,
                "company_id": demo.company.id,
                "value": REFERENCES[indicator.code],
                "note": "Среднее по розничным сетям электроники",
            }
            for indicator in indicators
        ]
    )


def plan_duty(demo):
    """Who answers for a shop, and hears of its red button: this week and the next."""
    monday = demo.today - timedelta(days=demo.today.weekday())
    rows = []
    for shop in SHOPS:
        floors = [f"{shop.code}_{floor}" for floor in FLOORS]
        sellers = [
            person
            for person in demo.people.values()
            if person.job == "seller" and person.department_on(demo.today) in floors
        ]
        for day in (monday + timedelta(days=number) for number in range(14)):
            on_shift = [person for person in sellers if person.works_on(day)]
            if not on_shift:
                continue
            clock = ZoneInfo(shop.tz)
            start, stop = (
                datetime.combine(day, time(hour), clock)
                .astimezone(UTC)
                .replace(tzinfo=None)
                for hour in (OPENS, CLOSES)
            )
            rows.append(
                {
                    "employee_id": on_shift[day.day % len(on_shift)].employee.id,
                    "role": "duty_manager",
                    "site_id": demo.sites[shop.code].id,
                    "start": start,
                    "stop": stop,
                }
            )
    demo.env["kpi.duty"].create(rows)


# ------------------------------------------------------------- visitors and shifts
def count_visitors(demo, attempts):
    """What the counters at the doors say, from how many were served.

    :param attempts: ``{(site code, day): number}`` of the electronics floor
    """
    doors = {
        door.site_id.id: door.id
        for door in demo.env["kpi.site.entrance"].search(
            [("company_id", "=", demo.company.id)]
        )
    }
    rows = []
    total = sum(SHOP_HOURS.values())
    for shop in SHOPS:
        site = demo.sites[shop.code]
        last = local_day(demo.now, shop.tz)
        day = demo.months[0]
        while day <= last:
            usual = 17 * WEEKDAYS[day.weekday()] * shop.pace
            served = attempts.get((shop.code, day), usual)
            visitors = (0.6 * served + 0.4 * usual) / COUNTERS[shop.code].coverage / 0.7
            for hour, weight in SHOP_HOURS.items():
                key = (shop.code, day, hour, "visitors")
                if moment(day, hour, shop.tz, *key) < demo.now - timedelta(hours=1):
                    number = (
                        visitors * weight / total * chance.between(0.75, 1.25, *key)
                    )
                    rows.append((doors[site.id], site.id, day, hour, round(number)))
            day += timedelta(days=1)
    names = ("entrance_id", "site_id", "date", "hour", "visitors")
    kinds = ("int4", "int4", "date", "int4", "int4")
    demo.env.cr.execute(
        SQL(
            """
            INSERT INTO kpi_visitor_count (
                %(names)s, company_id, source, create_uid, create_date,
                write_uid, write_date
            )
            SELECT
                counted.*, %(company)s, 'counter', 1,
                counted.date + INTERVAL '20 hours', 1,
                counted.date + INTERVAL '20 hours'
            FROM unnest(%(columns)s) AS counted(%(names)s)
            """,
            names=SQL(", ").join(map(SQL.identifier, names)),
            columns=SQL(", ").join(
                SQL("%s::%s[]", list(column), SQL(kind))
                for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)
            ),
            company=demo.company.id,
        )
    )


def clock_in(demo):
    """Attendance of the sellers, a shift from ten to nine with minutes of chance."""
    shifts = []
    for person in demo.people.values():
        if person.job != "seller":
            continue
        day = demo.months[0]
        while day <= local_day(demo.now, person.tz):
            start = moment(day, OPENS - 1, person.tz, person.login, day, "in")
            start = start.replace(minute=45 + start.minute // 5)
            stop = moment(day, CLOSES, person.tz, person.login, day, "out")
            stop = stop.replace(minute=1 + stop.minute // 4)
            if person.works_on(day) and start < demo.now:
                shifts.append(
                    (
                        person.employee.id,
                        day,
                        start,
                        stop if stop < demo.now else None,
                        (stop - start).seconds / 3600,
                    )
                )
            day += timedelta(days=1)
    people, days, starts, stops, hours = zip(*shifts, strict=True)
    demo.env.cr.execute(
        SQL(
            """
            INSERT INTO hr_attendance (
                employee_id, date, check_in, check_out, worked_hours, expected_hours,
                in_mode, out_mode, create_uid, create_date, write_uid, write_date
            )
            SELECT
                shift.employee_id, shift.date, shift.check_in, shift.check_out,
                CASE WHEN shift.check_out IS NULL THEN 0 ELSE shift.hours END,
                CASE WHEN shift.check_out IS NULL THEN 0 ELSE shift.hours END,
                'kiosk', 'kiosk', 1, shift.check_in, 1,
                COALESCE(shift.check_out, shift.check_in)
            FROM unnest(
                %(people)s, %(days)s, %(starts)s::timestamp[], %(stops)s::timestamp[],
                %(hours)s::float8[]
            ) AS shift(employee_id, date, check_in, check_out, hours)
            """,
            people=list(people),
            days=list(days),
            starts=list(starts),
            stops=list(stops),
            hours=list(hours),
        )
    )
    demo.env.invalidate_all()
