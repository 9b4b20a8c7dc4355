"""From the warehouse to the customer: what was promised, and when it was there.

Pure Python, like the plan of the sales that it completes.
"""

from datetime import datetime, time, timedelta

from . import chance
from .company import MOSCOW
from .moments import hours, local_day, moment, within

SLOTS = (9, 12, 15, 18)  # UTC: what couriers promise by
COURIER_DAY = (9, 21)  # local hours
CARRIER_DAY = (9, 20)
LOST_FOR = timedelta(days=12)  # until then a parcel is found, or paid for


class Deliveries:
    """Plans the way of one order after another."""

    def __init__(self, demo):
        self.now = demo.now
        staff = demo.people.values()
        self.couriers = [person for person in staff if person.job == "courier"]
        self.dispatchers = [person for person in staff if person.job == "dispatcher"]

    def promise(self, sale, pick_day, city, key):
        """The picking is due on a day; the customer is given a later one."""
        if city.days:
            day = pick_day + timedelta(days=city.days)
            sale.promised_at = datetime.combine(day, time(17))
            person = chance.choose(self.dispatchers, *key, "dispatcher")
        else:
            day = pick_day + timedelta(days=1)
            sale.promised_at = datetime.combine(
                day, time(chance.choose(SLOTS, *key, "slot"))
            )
            on_shift = [person for person in self.couriers if person.works_on(day)]
            person = chance.choose(on_shift or self.couriers, *key, "courier")
        sale.carrier_id = person.user.id
        return person

    def deliver(self, sale, person, city, key):
        """When a shipped order is there, and who said so when."""
        overdue = self.now - sale.promised_at
        if overdue < LOST_FOR and chance.share(*key, "lost parcel") < 0.005:
            return
        if city.days:
            sale.delivered_at = self._by_carrier(sale, city, key)
            # the carrier's list comes in the evening
            day = local_day(sale.delivered_at, MOSCOW)
            sale.marked_at = moment(day, CARRIER_DAY[1], MOSCOW, *key, "list")
            sale.mark_source = "import"
        else:
            sale.delivered_at = self._by_courier(sale, person, key)
            sale.marked_at = sale.delivered_at
            scanned = chance.share(*key, "scan") < 0.3
            sale.mark_source = "scan" if scanned else "tap"
        if sale.marked_at >= self.now:
            sale.delivered_at = sale.marked_at = sale.mark_source = None

    def _by_courier(self, sale, person, key):
        late = chance.share(*key, "late delivery") < 0.07 / person.skill
        if late:
            slow = 1 / person.skill
            when = sale.promised_at + hours(0.2, 7 * slow, *key, "delivery")
        else:
            when = sale.promised_at - hours(0.1, 2.8, *key, "delivery")
        earliest = sale.shipped_at + hours(1, 4, *key, "way")
        return within(max(when, earliest), *COURIER_DAY, *key, "courier")

    def _by_carrier(self, sale, city, key):
        if chance.share(*key, "late delivery") < 0.09:
            when = sale.promised_at + hours(3, 52, *key, "delivery")
        else:
            when = sale.promised_at - hours(1, 30, *key, "delivery")
        earliest = sale.shipped_at + timedelta(days=city.days - 1)
        return within(max(when, earliest), *CARRIER_DAY, *key, "carrier")

    def move(self, sale, key):
        """The customer is called and given another day: the first promise stays."""
        ending = sale.delivered_at or self.now
        late = ending > sale.promised_at and sale.promised_at < self.now
        if chance.share(*key, "moved") >= (0.3 if late else 0.008):
            return
        moved_at = sale.promised_at - hours(2, 20, *key, "moved")
        if sale.ordered_at < moved_at < self.now:
            sale.moved_at = moved_at
            days = 1 + int(chance.share(*key, "moved by") * 2)
            sale.moved_to = sale.promised_at + timedelta(days=days)
