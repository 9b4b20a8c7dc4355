"""The presses at the counters: who asked whom, what was answered, what went wrong.

Pure Python over sales, people and days; nothing is written here. What the boards and
the expert's desk are to reveal stands in :data:`COUNTERS` and in the stories below.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from . import chance
from .moments import local_day, moment
from .plan import SHOP_HOURS

DECADES = ("staff", "office", "recommend")  # the question of each third of a month


class Mood(NamedTuple):
    """Shares of the answers; the rest says yes."""

    no: float
    unsure: float
    silent: float


USUAL = {
    "staff": Mood(0.04, 0.10, 0.10),
    "office": Mood(0.05, 0.12, 0.10),
    "recommend": Mood(0.07, 0.14, 0.12),
}


class Counter(NamedTuple):
    """What is special about a shop's counter."""

    mood: dict = USUAL
    coverage: float = 0.82  # attempts by visits, outside of thin hours
    thin_hours: tuple = ()  # too few sellers


COUNTERS = {
    "msk": Counter(coverage=0.88),
    "spb": Counter(),
    # Crowded, and papers take long: the office is blamed, the sellers are not.
    "kzn": Counter(
        USUAL | {"office": Mood(0.24, 0.15, 0.17), "recommend": Mood(0.12, 0.2, 0.14)},
        coverage=0.8,
        thin_hours=(17, 18),
    ),
    "nsk": Counter(coverage=0.78),
    "vvo": Counter(coverage=0.74),
}
# Presses the button himself, also for the customer, before the shop closes.
CHEAT = "spb_el3"
# In this shop the tills stood still for most of a day.
OUTAGE_SHOP, OUTAGE_DAY = "msk", 11
LOST_PER_SALE = 1.35  # attempts that led to nothing


@dataclass
class Press:
    point: str
    button: str
    at: datetime  # UTC, with milliseconds
    held_ms: int = 0
    employee_id: int | None = None
    partner_id: int | None = None
    sale_order_id: int | None = None


def question_of(day):
    return DECADES[min((day.day - 1) // 10, 2)]


class Planner:
    """:param sales: rows of order id, partner id, confirmed at (UTC) and the person"""

    def __init__(self, demo, sales):
        self.demo = demo
        self.now = demo.now
        self.first = demo.months[0]
        self.outage = demo.months[1] + timedelta(days=OUTAGE_DAY)
        self.sales = sales

    def presses(self):
        """:rtype: list[Press] in the order of their moments"""
        planned = [*self._attempts(), *self._outage(), *self._cheating(), *self._red()]
        return sorted(
            (press for press in planned if press.at < self.now),
            key=lambda press: (press.at, press.point, press.button),
        )

    # ---------------------------------------------------------------- customers
    def _attempts(self):
        for order_id, partner_id, ordered_at, person in self.sales:
            key = ("sale", order_id)
            yield from self._serve(
                person,
                ordered_at + timedelta(seconds=chance.between(20, 200, *key, "asked")),
                key,
                partner_id=partner_id,
                # The till knows the order of two customers in five.
                sale_order_id=order_id if chance.share(*key, "known") < 0.4 else None,
            )
            lost = LOST_PER_SALE / person.skill
            for number in range(int(lost + chance.share(*key, "lost"))):
                again = (*key, number)
                hour = chance.choose_weighted(SHOP_HOURS, *again, "hour")
                shop = person.department_on(local_day(ordered_at, person.tz))[:3]
                thin = hour in COUNTERS[shop].thin_hours
                if thin and chance.share(*again, "thin") < 0.75:
                    continue
                day = local_day(ordered_at, person.tz)
                yield from self._serve(
                    person, moment(day, hour, person.tz, *again, "lost"), again
                )

    def _serve(self, person, at, key, **known):
        """The seller's press, and at a console what the customer answers."""
        day = local_day(at, person.tz)
        unit = person.department_on(day)
        at = at.replace(microsecond=int(chance.share(*key, "ms") * 1000) * 1000)
        seller = {"employee_id": person.employee.id}
        yield Press(
            unit,
            "seller",
            at,
            held_ms=int(chance.between(90, 420, *key, "held")),
            **seller,
            **known,
        )
        if not unit.endswith("_el"):
            return
        answer = self._answer(unit[:3], day, key)
        if answer != "silent":
            after = chance.between(1.8, 24, *key, "after")
            yield Press(
                unit,
                answer,
                _later(at, after),
                held_ms=int(chance.between(80, 350, *key, "answer held")),
            )

    def _answer(self, shop, day, key):
        mood = COUNTERS[shop].mood[question_of(day)]
        if shop == OUTAGE_SHOP and day == self.outage:
            mood = Mood(0.42, 0.12, 0.22)
        point = chance.share(*key, "answer")
        for answer in mood._fields:
            point -= getattr(mood, answer)
            if point < 0:
                return answer
        return "yes"

    # ------------------------------------------------------------------ stories
    def _outage(self):
        """The tills stood still: an hour each, told by long presses."""
        tz = self.demo.sites[OUTAGE_SHOP].tz
        point = f"{OUTAGE_SHOP}_el"
        seller = self.demo.people[f"{point}2"].employee.id
        for start, stop in ((11, 12), (13, 14), (15, 16), (17, 18)):
            for hour, what in ((start, "begins"), (stop, "ends")):
                at = moment(self.outage, hour, tz, "outage", hour, what)
                at = at.replace(minute=4 if what == "begins" else 0)
                yield Press(point, "seller", at, held_ms=3600, employee_id=seller)
        # A seller who only wanted a quiet hour; nobody ended it.
        day = self.demo.months[2] + timedelta(days=3)
        tz = self.demo.sites["nsk"].tz
        yield Press(
            "nsk_el",
            "seller",
            moment(day, 19, tz, "quiet hour"),
            held_ms=4100,
            employee_id=self.demo.people["nsk_el2"].employee.id,
        )

    def _cheating(self):
        person = self.demo.people[CHEAT]
        day = self.demo.months[1]
        while day <= local_day(self.now, person.tz):
            if person.works_on(day) and chance.share(CHEAT, day, "cheats") < 0.6:
                at = moment(day, 20, person.tz, CHEAT, day, "burst")
                for number in range(int(chance.between(7, 13, CHEAT, day, "many"))):
                    key = (CHEAT, day, number)
                    at = _later(at, chance.between(4, 8, *key, "next"))
                    seller = {"employee_id": person.employee.id}
                    yield Press("spb_el", "seller", at, held_ms=120, **seller)
                    after = chance.between(0.3, 0.9, *key, "after")
                    yield Press("spb_el", "yes", _later(at, after), held_ms=90)
            day += timedelta(days=1)

    def _red(self):
        """The red button: one or two a week in each shop, more in the crowded one."""
        for shop in COUNTERS:
            site = self.demo.sites[shop]
            day = self.first
            while day <= local_day(self.now, site.tz):
                key = (shop, day, "red")
                rate = 0.32 if shop == "kzn" else 0.17
                if shop == OUTAGE_SHOP and day == self.outage:
                    rate = 1
                if chance.share(*key) < rate:
                    hour = chance.choose_weighted(SHOP_HOURS, *key, "hour")
                    held = chance.share(*key, "held") < 0.3
                    yield Press(
                        f"{shop}_red",
                        "complaint",
                        moment(day, hour, site.tz, *key),
                        held_ms=int(
                            chance.between(3100, 5200, *key, "ms")
                            if held
                            else chance.between(150, 900, *key, "ms")
                        ),
                    )
                day += timedelta(days=1)


def _later(at, seconds):
    return at + timedelta(milliseconds=int(seconds * 1000))
