"""A prototype of each kind of order, made the proper way: through the ORM."""

from collections import defaultdict

from odoo import Command

from . import chance
from .plan import BASKETS, WEB_BASKETS


def make(demo, wanted):
    """:param wanted: keys ``(unit, kind, basket)``
    :return: ``{key: sale.order}``
    """
    wanted = sorted(wanted)
    orders = demo.env["sale.order"].create(
        [_order_vals(demo, unit, kind, basket) for unit, kind, basket in wanted]
    )
    prototypes = dict(zip(wanted, orders, strict=True))
    by_kind = defaultdict(orders.browse)
    for (_unit, kind, _basket), order in prototypes.items():
        by_kind[kind] |= order
    (orders - by_kind["quotation"]).action_confirm()
    by_kind["quotation"].write({"state": "sent"})
    by_kind["cancelled"]._action_cancel()
    finished = by_kind["done"] | by_kind["refunded"]
    _ship(finished | by_kind["picked"])  # the pick, or all that a shop does
    _ship(finished)  # what the pick pushed
    invoices = finished._create_invoices(grouped=True)
    invoices.action_post()
    refunded = by_kind["refunded"].invoice_ids
    refunded._reverse_moves([{"ref": "Возврат"} for _invoice in refunded]).action_post()
    return prototypes


def _ship(orders):
    """Validate the transfers that are ready."""
    ready = orders.picking_ids.filtered(lambda picking: picking.state == "assigned")
    ready.move_ids.picked = True
    ready._action_done()


def _order_vals(demo, unit, kind, basket):
    at_shop = unit != "web"
    warehouse = demo.warehouses[unit.split("_")[0] if at_shop else "central"]
    return {
        "company_id": demo.company.id,
        "partner_id": demo.customers[0].id,
        "user_id": demo.env.uid,
        "team_id": demo.teams["shop" if at_shop else "web"].id,
        "pricelist_id": demo.pricelist.id,
        "warehouse_id": warehouse.id,
        # a promise, which the plan moves
        "commitment_date": demo.now,
        "order_line": [
            Command.create({"product_id": product.id, "product_uom_qty": quantity})
            for product, quantity in _goods(demo, unit, kind, basket)
        ],
    }


def _goods(demo, unit, kind, basket):
    """What is in a basket; the number grows with the value."""
    sizes = WEB_BASKETS if unit == "web" else BASKETS
    floor = unit.split("_")[-1]
    baskets = [_draw(demo, unit, floor, number) for number in range(sizes["done"])]
    baskets.sort(
        key=lambda goods: sum(p.list_price * quantity for p, quantity in goods)
    )
    return baskets[basket * sizes["done"] // sizes[kind]]


def _value(goods):
    return sum(product.list_price * quantity for product, quantity in goods)


def _draw(demo, unit, floor, number):
    """A basket: something large first on the electronics floor, then small things."""
    key = (unit, number)
    large, small = demo.products["el"], demo.products["ac"]
    if floor == "web":
        floor = chance.choose(("el", "ac"), *key, "floor")
    goods = {}
    if floor == "el":
        goods[chance.choose(large, *key, "large")] = 1
    count = int(chance.share(*key, "count") * 4) + (floor == "ac")
    for place in range(count):
        product = chance.choose(small, *key, "small", place)
        goods[product] = 1 + int(chance.share(*key, "quantity", place) * 1.4)
    return list(goods.items())
