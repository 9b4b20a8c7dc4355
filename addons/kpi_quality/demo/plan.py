"""The plan of the history: which order, when, by whom, for whom, what became of it.

Pure Python over people and days; nothing is written here.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from . import chance
from .cities import CITIES, at_home
from .company import FLOORS, MOSCOW, SHOPS
from .deliveries import Deliveries
from .moments import hours, local_day, moment

WEEKDAYS = (0.85, 0.85, 0.9, 0.95, 1.15, 1.3, 1.1)
SHOP_HOURS = dict(zip(range(10, 21), (3, 5, 8, 9, 8, 7, 7, 9, 12, 11, 6), strict=True))
WEB_HOURS = dict(
    zip(range(9, 22), (4, 6, 8, 8, 7, 6, 6, 6, 7, 8, 10, 10, 6), strict=True)
)
GROWTH = 0.04  # more orders, from month to month
ORDERS_A_SHIFT = {"el": 3.4, "ac": 4.0, "web": 9.5}
# How many different baskets of each kind; one prototype is made of each that is used.
BASKETS = {"done": 8, "quotation": 3, "cancelled": 1, "refunded": 2}
WEB_BASKETS = BASKETS | {"done": 24, "open": 6, "picked": 3}


@dataclass
class Sale:
    """One row of the plan; moments are UTC, days local."""

    unit: str  # sales floor or web shop
    kind: str
    basket: int
    ordered_at: datetime
    quoted_at: datetime
    user_id: int
    partner_id: int
    promised_at: datetime  # to the customer
    pick_due_at: datetime | None = None
    picker_id: int | None = None
    picked_at: datetime | None = None
    shipped_at: datetime | None = None
    cancelled_at: datetime | None = None
    carrier_id: int | None = None  # courier, or who deals with the carrier
    delivered_at: datetime | None = None
    marked_at: datetime | None = None  # when somebody said that it was delivered
    mark_source: str | None = None
    moved_at: datetime | None = None  # when the promise was moved
    moved_to: datetime | None = None
    invoice_date: date | None = None
    refund_date: date | None = None

    @property
    def prototype(self):
        """What is to be made once through the ORM."""
        return (self.unit, self.kind, self.basket)


class Planner:
    """Plans the sales of all people over the days of the history."""

    def __init__(self, demo):
        self.demo = demo
        self.now = demo.now
        self.pickers = [p for p in demo.people.values() if p.job == "picker"]
        self.crisis = [demo.months[1] + timedelta(days=n) for n in range(8, 15)]
        self.busy = {shop.code: shop.pace for shop in SHOPS}
        self.deliveries = Deliveries(demo)
        homes = {city.name: [] for city in CITIES}
        for partner in demo.customers:
            homes[partner.city].append(partner.id)
        self.city_of = {
            partner_id: city for city in CITIES for partner_id in homes[city.name]
        }
        # In a shop buys who lives near it; in the web shop, everybody.
        self.customers = {
            shop.code: [id_ for city in at_home(shop.code) for id_ in homes[city.name]]
            for shop in SHOPS
        }
        self.customers["web"] = demo.customers.ids

    def sales(self):
        """:rtype: list[Sale] in the order of their moments"""
        planned = []
        first = self.demo.months[0]
        for person in self.demo.people.values():
            if person.job not in ("seller", "operator"):
                continue
            last = local_day(self.now, person.tz)
            for offset in range((last - first).days + 1):
                day = first + timedelta(days=offset)
                if person.works_on(day):
                    planned += self._shift(person, day)
        return sorted(planned, key=lambda s: (s.ordered_at, s.user_id, s.basket))

    def _shift(self, person, day):
        """The sales of one person on one day, up to now."""
        unit = person.department_on(day)
        floor = unit.split("_")[-1]
        months = (day.year - self.demo.months[0].year) * 12 + (
            day.month - self.demo.months[0].month
        )
        rate = (
            ORDERS_A_SHIFT[floor]
            * WEEKDAYS[day.weekday()]
            * (1 + GROWTH * months)
            * self.busy.get(unit.split("_")[0], 1.0)
            * person.pace
            * chance.between(0.7, 1.3, person.login, day)
        )
        for number in range(int(rate + chance.share(person.login, day, "orders"))):
            key = (person.login, day, number)
            sale = (
                self._web_sale(person, day, key)
                if floor == "web"
                else self._shop_sale(person, unit, day, key)
            )
            if sale.ordered_at < self.now:
                yield sale
            if chance.share(*key, "lost") < 0.16 / person.skill:
                lost = self._quotation(person, unit, day, key)
                if lost.ordered_at < self.now:
                    yield lost

    # ------------------------------------------------------------ the sales
    def _basket(self, unit, kind, skill, *key):
        """Baskets are sorted by value; skill leads to the dearer ones."""
        count = (WEB_BASKETS if unit == "web" else BASKETS)[kind]
        return int(chance.share(*key, "basket") ** (1 / skill) * count)

    def _sale(self, person, unit, kind, day, key, quoting):
        hour = chance.choose_weighted(
            WEB_HOURS if unit == "web" else SHOP_HOURS, *key, kind, "hour"
        )
        ordered_at = moment(day, hour, person.tz, *key, kind)
        return Sale(
            unit=unit,
            kind=kind,
            basket=self._basket(unit, kind, person.skill, *key),
            ordered_at=ordered_at,
            quoted_at=ordered_at - hours(*quoting, *key, "quoting"),
            user_id=person.user.id,
            partner_id=chance.choose(
                self.customers[unit.split("_")[0]], *key, "customer"
            ),
            promised_at=ordered_at + timedelta(hours=1),
        )

    def _quotation(self, person, unit, day, key):
        """A quotation that led to nothing."""
        sale = self._sale(person, unit, "quotation", day, key, (0.1, 0.5))
        sale.quoted_at = sale.ordered_at
        return sale

    def _shop_sale(self, person, unit, day, key):
        """Handed over at the counter, by promise within the hour."""
        fate = chance.share(*key, "fate")
        kind = "cancelled" if fate < 0.012 else "refunded" if fate < 0.03 else "done"
        sale = self._sale(person, unit, kind, day, key, (0.05, 0.6))
        if kind == "cancelled":
            sale.cancelled_at = sale.ordered_at + hours(0.1, 0.9, *key, "cancelled")
            return sale
        late = chance.share(*key, "late") < 0.06 / person.skill
        sale.picker_id = person.user.id
        sale.picked_at = sale.shipped_at = sale.ordered_at + hours(
            *((1.05, 3.5) if late else (0.07, 0.8)), *key, "handing over"
        )
        return self._invoiced(sale, person.tz, key)

    def _web_sale(self, person, day, key):
        """Picked until the evening of the next day, then on its way to the customer."""
        fate = chance.share(*key, "fate")
        kind = "cancelled" if fate < 0.025 else "refunded" if fate < 0.045 else "done"
        sale = self._sale(person, "web", kind, day, key, (0.2, 6))
        wait = 1 if sale.ordered_at.hour < 13 else 2
        pick_day = day + timedelta(days=wait)
        sale.pick_due_at = datetime.combine(pick_day, time(15))  # 18:00 in Moscow
        city = self.city_of[sale.partner_id]
        person = self.deliveries.promise(sale, pick_day, city, key)
        if kind == "cancelled":
            sale.cancelled_at = sale.ordered_at + hours(0.3, 5, *key, "cancelled")
            return sale
        picker = chance.choose(
            [p for p in self.pickers if p.works_on(pick_day)], *key, "picker"
        )
        sale.picker_id = picker.user.id
        sale.picked_at = sale.pick_due_at + self._picking_delay(picker, pick_day, key)
        sale.picked_at = max(sale.picked_at, sale.ordered_at + hours(0.5, 2, *key))
        sale.shipped_at = sale.picked_at + hours(0.5, 4, *key, "shipping")
        lost = chance.share(*key, "lost pick") < 0.03
        if lost and timedelta() < self.now - sale.pick_due_at < timedelta(days=6):
            sale.picked_at = sale.shipped_at = self.now  # nobody has found the goods
        sale = self._invoiced(sale, MOSCOW, key)
        if sale.shipped_at:
            self.deliveries.deliver(sale, person, city, key)
        self.deliveries.move(sale, key)
        return sale

    def _picking_delay(self, picker, day, key):
        """Hours before or after the promise; in the crisis week most are late."""
        crisis = day in self.crisis
        probability = 0.5 if crisis else 0.07 / picker.skill
        if chance.share(*key, "late") >= probability:
            return -hours(1, 9, *key, "early")
        longest = 30 if crisis else 5
        late_hours = 0.1 + longest * chance.share(*key, "delay") ** 2
        return timedelta(seconds=int(late_hours * 3600))

    def _invoiced(self, sale, tz, key):
        """Invoiced when shipped; what lies ahead of now has not happened yet."""
        if sale.picked_at >= self.now:
            # At the counter there is no open transfer: the customer still looks round.
            sale.kind = "open" if sale.unit == "web" else "quotation"
            sale.picked_at = sale.shipped_at = None
        elif sale.shipped_at >= self.now:
            sale.kind, sale.shipped_at = "picked", None
        else:
            sale.invoice_date = local_day(sale.shipped_at, tz)
            if sale.kind == "refunded":
                days = 2 + int(chance.share(*key, "refund") * 9)
                sale.refund_date = sale.invoice_date + timedelta(days=days)
                if sale.refund_date <= self.demo.today:
                    return sale
                sale.kind, sale.refund_date = "done", None
            return sale
        sale.basket %= (WEB_BASKETS if sale.unit == "web" else BASKETS)[sale.kind]
        return sale


def units():
    """Where orders are taken: every sales floor, and the web shop."""
    return [f"{shop.code}_{floor}" for shop in SHOPS for floor in FLOORS] + ["web"]
