"""The plan of purchasing: what was ordered, promised, brought, and put into stock.

Until the receiving area was extended, at the beginning of this month, goods lay at our
own dock for most of a day, while most trucks were in time.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from . import chance
from .company import MOSCOW, SHOPS
from .moments import hours, is_workday, local_day, moment, within, workdays_before
from .vendors import VENDORS, buyer_of

ORDERS_A_DAY = (9, 15)
AHEAD = 8  # days that are ordered for by now
SLOTS = (6, 7, 8, 9, 10, 11, 12, 13)  # UTC: when trucks are promised for
DOCK_DAY = (8, 20)  # local hours
OFFICE_HOURS = (9, 10, 11, 12, 14, 15, 16, 17)
# How long goods lie at the dock: before and after receiving was extended.
AT_DOCK = {"before": (2.3, 20), "after": (0.6, 5)}
# How many different orders of each kind and category; one prototype is made of each.
BASKETS = {
    "done": 3,
    "partial": 1,
    "partial_open": 1,
    "open": 2,
    "returned": 1,
    "cancelled": 1,
    "sent": 1,
}
SHOP_BASKETS = {"done": 1, "open": 1, "sent": 1}
SHOP_CATEGORIES = ("Аксессуары", "Смартфоны")  # what a shop orders by itself


@dataclass
class Purchase:
    """One row of the plan; moments are UTC."""

    place: str  # warehouse
    kind: str
    category: str
    basket: int
    partner_id: int
    user_id: int  # the buyer
    ordered_at: datetime  # begun
    sent_at: datetime
    approved_at: datetime
    promised_at: datetime
    receiver_id: int
    arrived_at: datetime | None = None
    mark_source: str | None = None  # how the arrivals were marked
    stocked_at: datetime | None = None
    rest_arrived_at: datetime | None = None  # of a part that came later
    rest_stocked_at: datetime | None = None
    returned_at: datetime | None = None
    cancelled_at: datetime | None = None
    moved_at: datetime | None = None
    moved_to: datetime | None = None

    @property
    def prototype(self):
        return (self.place, self.kind, self.category, self.basket)


class SupplyPlanner:
    """Plans the orders of all buyers over the days of the history."""

    def __init__(self, demo):
        self.demo = demo
        self.now = demo.now
        staff = demo.people.values()
        self.buyers = [person for person in staff if person.job == "buyer"]
        self.receivers = [person for person in staff if person.job == "receiver"]
        self.directors = {
            person.department: person
            for person in staff
            if person.job == "shop_director"
        }
        self.vendors = dict(zip(VENDORS, demo.vendors.ids, strict=True))

    def purchases(self):
        """:rtype: list[Purchase] in the order of their moments"""
        planned = []
        days = (self.demo.today - self.demo.months[0]).days + 1 + AHEAD
        for offset in range(days):
            day = self.demo.months[0] + timedelta(days=offset)
            if not is_workday(day):
                continue
            count = int(chance.between(*ORDERS_A_DAY, "supplies", day))
            if day.weekday() == 5:
                count //= 2
            planned += [self._purchase("central", day, n) for n in range(count)]
            planned += [
                self._purchase(shop.code, day, 0)
                for shop in SHOPS
                if chance.share("shop supply", shop.code, day) < 0.3
            ]
        return sorted(
            (
                purchase
                for purchase in planned
                if purchase.ordered_at < self.now
                # shops do not ask for quotations
                and (purchase.place == "central" or purchase.kind != "sent")
            ),
            key=lambda purchase: (purchase.ordered_at, purchase.promised_at),
        )

    def _purchase(self, place, day, number):
        key = ("supply", place, day, number)
        vendor = chance.choose_weighted(
            {
                vendor: vendor.volume
                for vendor in VENDORS
                if place == "central" or vendor.category in SHOP_CATEGORIES
            },
            *key,
            "vendor",
        )
        buyer = buyer_of(vendor, self.buyers)
        approved_day = workdays_before(day, vendor.lead_days)
        approved_at = moment(
            approved_day,
            chance.choose(OFFICE_HOURS, *key, "approved"),
            MOSCOW,
            *key,
            "approved",
        )
        on_shift = [person for person in self.receivers if person.works_on(day)]
        receiver = (
            chance.choose(on_shift or self.receivers, *key, "receiver")
            if place == "central"
            else self.directors[place]
        )
        sent_at = approved_at - hours(0.3, 5, *key, "sent")
        purchase = Purchase(
            place=place,
            kind="done",
            category=vendor.category,
            basket=0,
            partner_id=self.vendors[vendor],
            user_id=buyer.user.id,
            ordered_at=sent_at - hours(0.1, 1.5, *key, "ordered"),
            sent_at=sent_at,
            approved_at=approved_at,
            promised_at=datetime.combine(day, time(chance.choose(SLOTS, *key, "slot"))),
            receiver_id=receiver.user.id,
        )
        self._bring(purchase, vendor, key)
        baskets = (BASKETS if place == "central" else SHOP_BASKETS)[purchase.kind]
        purchase.basket = int(chance.share(*key, "basket") * baskets)
        return purchase

    # ------------------------------------------------------------ what came of it
    def _bring(self, purchase, vendor, key):
        """The truck, the dock, the shelf; what lies ahead of now is still open."""
        if purchase.approved_at >= self.now:
            purchase.kind = "sent"
            return
        at_warehouse = purchase.place == "central"
        fate = chance.share(*key, "fate") if at_warehouse else 1
        if fate < 0.015:
            cancelled_at = purchase.approved_at + hours(2, 20, *key, "cancelled")
            if cancelled_at < self.now:
                purchase.kind, purchase.cancelled_at = "cancelled", cancelled_at
                return
        if 0.015 <= fate < 0.03 or (fate > 0.9 and vendor.late > 0.5):
            self._move(purchase, key)
        arrived_at = self._arrival(purchase, vendor, key)
        if arrived_at >= self.now or self._never_comes(purchase, vendor, key):
            purchase.kind = "open"
            return
        purchase.arrived_at = arrived_at
        if at_warehouse:  # now and then, nobody marks the truck
            purchase.mark_source = chance.choose_weighted(
                {"tap": 0.67, "scan": 0.3, None: 0.03}, *key, "marked"
            )
        purchase.stocked_at = self._stocking(purchase, arrived_at, key)
        if purchase.stocked_at >= self.now:
            purchase.kind, purchase.stocked_at = "open", None
            if not purchase.mark_source:
                purchase.arrived_at = None
            return
        if 0.03 <= fate < 0.055:
            self._bring_rest(purchase, key)
        elif 0.055 <= fate < 0.07:
            returned_at = purchase.stocked_at + hours(20, 70, *key, "returned")
            if returned_at < self.now:
                purchase.kind = "returned"
                purchase.returned_at = within(returned_at, *DOCK_DAY, *key, "returned")

    def _move(self, purchase, key):
        """The vendor asks for another day: the first promise stays."""
        moved_at = purchase.promised_at - hours(3, 22, *key, "moved")
        moved_at = max(moved_at, purchase.approved_at + timedelta(hours=1))
        if moved_at < self.now:
            purchase.moved_at = moved_at
            purchase.moved_to = purchase.promised_at + timedelta(days=1)

    def _arrival(self, purchase, vendor, key):
        promised_at = purchase.moved_to or purchase.promised_at
        if chance.share(*key, "late truck") < vendor.late:
            when = promised_at + hours(0.2, vendor.hours, *key, "truck")
        else:
            when = promised_at - hours(0.05, 2.5, *key, "truck")
        return within(when, *DOCK_DAY, *key, "truck")

    def _never_comes(self, purchase, vendor, key):
        """A few are overdue by days; the buyers are after them."""
        overdue = self.now - purchase.promised_at
        missing = 0.5 if vendor.late > 0.5 else 0.015
        return (
            timedelta() < overdue < timedelta(days=5)
            and chance.share(*key, "missing") < missing
        )

    def _stocking(self, purchase, arrived_at, key):
        if purchase.place != "central":
            return arrived_at + hours(0.3, 2, *key, "shelf")
        waiting = self.now - arrived_at
        if waiting < timedelta(hours=36) and chance.share(*key, "papers") < 0.3:
            return self.now  # put aside: the papers do not match
        extended = local_day(arrived_at, MOSCOW) >= self.demo.months[2]
        span = AT_DOCK["after" if extended else "before"]
        return within(
            arrived_at + hours(*span, *key, "shelf"), *DOCK_DAY, *key, "shelf"
        )

    def _bring_rest(self, purchase, key):
        """A part was missing, and comes with another truck."""
        purchase.kind = "partial_open"
        next_day = purchase.stocked_at + hours(14, 34, *key, "rest")
        arrived_at = within(next_day, *DOCK_DAY, *key, "rest")
        if arrived_at < self.now:
            purchase.rest_arrived_at = arrived_at
            stocked_at = self._stocking(purchase, arrived_at, (*key, "rest"))
            if stocked_at < self.now:
                purchase.kind, purchase.rest_stocked_at = "partial", stocked_at
