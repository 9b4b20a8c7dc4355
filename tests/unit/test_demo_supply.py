"""The story that the demo company's purchases and deliveries tell, on any day."""

from datetime import datetime
from types import SimpleNamespace

import pytest
from dateutil.relativedelta import relativedelta

from odoo.addons.kpi_quality.demo import people
from odoo.addons.kpi_quality.demo.cities import CITIES, SERVED
from odoo.addons.kpi_quality.demo.company import MOSCOW
from odoo.addons.kpi_quality.demo.moments import local_day
from odoo.addons.kpi_quality.demo.plan import Planner
from odoo.addons.kpi_quality.demo.supply_plan import DOCK_DAY, SupplyPlanner
from odoo.addons.kpi_quality.demo.vendors import VENDORS
from odoo.addons.kpi_quality.tools.delay_sums import DelaySums, bottleneck

NORM = 4.0
DAYS = (
    datetime(2025, 11, 21, 19),
    datetime(2026, 2, 27, 9),
    datetime(2026, 7, 15, 12),
    datetime(2027, 1, 1, 9),
)


class Partners(list):
    """As much of a recordset as a planner needs."""

    @property
    def ids(self):
        return [partner.id for partner in self]


def stage(now):
    """The company without a database."""
    today = local_day(now, MOSCOW)
    months = [today.replace(day=1) - relativedelta(months=n) for n in (2, 1, 0)]
    staff = people.cast(months)
    for number, person in enumerate(staff, 1):
        person.user = SimpleNamespace(id=number)
    return SimpleNamespace(
        now=now,
        today=today,
        months=months,
        people={person.login: person for person in staff},
        vendors=Partners(SimpleNamespace(id=n) for n, _v in enumerate(VENDORS)),
        customers=Partners(
            SimpleNamespace(id=number, city=city.name)
            for number, city in enumerate(CITIES * 3)
        ),
    )


@pytest.fixture(scope="module", params=DAYS, ids=lambda now: str(now.date()))
def demo(request):
    return stage(request.param)


@pytest.fixture(scope="module")
def purchases(demo):
    return SupplyPlanner(demo).purchases()


@pytest.fixture(scope="module")
def web_sales(demo):
    return [sale for sale in Planner(demo).sales() if sale.unit == "web"]


def hours(span):
    return span.total_seconds() / 3600


def inbound(demo, purchases, month):
    """The sums of the warehouse's receipts that were promised for a month."""
    sums = DelaySums()
    for purchase in purchases:
        due = purchase.promised_at
        if purchase.place != "central" or purchase.cancelled_at or due > demo.now:
            continue
        if due.date().replace(day=1) != month:
            continue
        arrived_at = purchase.rest_arrived_at or purchase.arrived_at
        stocked_at = purchase.rest_stocked_at or purchase.stocked_at
        if stocked_at and not purchase.mark_source:
            arrived_at = min(due, stocked_at)
        late = max(0.0, hours((stocked_at or demo.now) - due) - NORM)
        supplier = min(late, max(0.0, hours((arrived_at or demo.now) - due)))
        sums += DelaySums(1, late > 0, late, supplier, late - supplier)
    return sums


def test_last_month_our_own_receiving_held_the_goods(demo, purchases):
    sums = inbound(demo, purchases, demo.months[1])
    assert bottleneck(sums) == "own"
    assert 12.5 < sums.mean_lateness < 16, "the seed's 12 to 16 hours"
    assert 10.5 < sums.own / sums.late < 13.5, "about 12 of them are our own"


def test_since_receiving_was_extended_much_less_is_late(demo, purchases):
    before = inbound(demo, purchases, demo.months[1])
    after = inbound(demo, purchases, demo.months[2])
    assert after.own / max(after.due, 1) < before.own / before.due / 4
    assert (after.late_share or 0) < before.late_share / 2


def test_something_waits_at_the_dock_or_is_overdue(demo, purchases):
    waiting = [purchase for purchase in purchases if purchase.kind == "open"]
    at_dock = [purchase for purchase in waiting if purchase.arrived_at]
    assert at_dock
    assert all(p.mark_source for p in at_dock), "nobody knows of an unmarked truck"
    assert any(not p.arrived_at and p.promised_at < demo.now for p in waiting)


def test_every_fate_of_a_purchase_is_there(purchases):
    kinds = {purchase.kind for purchase in purchases}
    assert {"done", "partial", "open", "returned", "cancelled"} <= kinds
    assert any(purchase.moved_to for purchase in purchases)


def test_nothing_happens_before_its_cause_or_after_now(demo, purchases):
    for purchase in purchases:
        moments = [
            purchase.ordered_at,
            purchase.sent_at,
            purchase.approved_at if purchase.kind != "sent" else None,
            purchase.arrived_at,
            purchase.stocked_at,
            purchase.rest_arrived_at,
            purchase.rest_stocked_at,
        ]
        moments = [moment for moment in moments if moment]
        assert moments == sorted(moments), purchase
        if purchase.kind != "sent":
            assert moments[-1] <= demo.now, purchase


def test_trucks_come_while_the_dock_is_open(purchases):
    for purchase in purchases:
        if purchase.place == "central" and purchase.arrived_at:
            assert DOCK_DAY[0] <= (purchase.arrived_at.hour + 3) % 24 < DOCK_DAY[1]


def test_one_vendor_stands_out_and_one_is_never_late(purchases):
    late = {}
    for purchase in purchases:
        if purchase.arrived_at:
            lateness = purchase.arrived_at > purchase.promised_at
            late.setdefault(purchase.partner_id, []).append(lateness)
    shares = {VENDORS[n].name: sum(rows) / len(rows) for n, rows in late.items()}
    assert max(shares, key=shares.get) == "МедиаОпт"
    assert shares["Кварц-Снаб"] < 0.06


def test_couriers_deliver_most_in_time_and_some_are_under_way(demo, web_sales):
    delivered = [sale for sale in web_sales if sale.delivered_at]
    late = [sale for sale in delivered if sale.delivered_at > sale.promised_at]
    assert 0.04 < len(late) / len(delivered) < 0.2
    assert any(sale.shipped_at and not sale.delivered_at for sale in web_sales)
    assert {sale.mark_source for sale in delivered} == {"tap", "scan", "import"}
    for sale in delivered:
        assert sale.shipped_at < sale.delivered_at <= sale.marked_at < demo.now


def test_a_plan_is_the_same_every_time():
    first, second = (SupplyPlanner(stage(DAYS[0])).purchases() for _time in range(2))
    assert first == second


def test_each_region_is_served_by_one_shop():
    regions = [region for served in SERVED.values() for region in served]
    assert len(regions) == len(set(regions))
    assert {city.region for city in CITIES} - set(regions), "some by the warehouse"
