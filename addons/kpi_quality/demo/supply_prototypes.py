"""A prototype of each kind of purchase, made the proper way: through the ORM."""

from collections import defaultdict

from odoo import Command

from . import chance
from .company import FLOORS
from .products import PRODUCTS
from .vendors import VENDORS

LINES = (2, 6)
DEAREST = 20000  # of a product: from here on a few pieces at a time


def make(demo, wanted):
    """:param wanted: keys ``(place, kind, category, basket)``
    :return: ``{key: purchase.order}``
    """
    wanted = sorted(wanted)
    orders = demo.env["purchase.order"].create(
        [_order_vals(demo, *key) for key in wanted]
    )
    by_kind = defaultdict(orders.browse)
    for (_place, kind, *_basket), order in zip(wanted, orders, strict=True):
        by_kind[kind] |= order
    by_kind["sent"].write({"state": "sent"})
    (orders - by_kind["sent"]).button_confirm()
    by_kind["cancelled"].button_cancel()
    partial = by_kind["partial"] | by_kind["partial_open"]
    _receive(by_kind["done"] | by_kind["returned"])
    _receive_half(partial)
    _receive(by_kind["partial"])  # the rest
    for order in by_kind["returned"]:
        _send_back(order)
    return dict(zip(wanted, orders, strict=True))


def _receive(orders):
    ready = orders.picking_ids.filtered(lambda picking: picking.state == "assigned")
    ready.move_ids.picked = True
    ready._action_done()


def _receive_half(orders):
    for move in orders.picking_ids.move_ids:
        move.quantity = max(1, move.product_uom_qty // 2)
        move.picked = True
    orders.picking_ids._action_done()


def _send_back(order):
    """One piece of the first line was broken."""
    receipt = order.picking_ids
    wizard = order.env["stock.return.picking"].create({"picking_id": receipt.id})
    wizard.product_return_moves[0].quantity = 1
    transfer = wizard._create_return()
    transfer.move_ids.picked = True
    transfer._action_done()


def _order_vals(demo, place, kind, category, basket):
    first = next(n for n, vendor in enumerate(VENDORS) if vendor.category == category)
    return {
        "company_id": demo.company.id,
        "partner_id": demo.vendors[first].id,
        "user_id": demo.env.uid,
        "picking_type_id": demo.warehouses[place].in_type_id.id,
        "order_line": [
            Command.create(
                {
                    "product_id": product.id,
                    "product_qty": quantity,
                    "price_unit": round(product.standard_price * 1.22, 2),
                    # a promise, which the plan moves
                    "date_planned": demo.now,
                }
            )
            for product, quantity in _goods(demo, place, kind, category, basket)
        ],
    }


def _goods(demo, place, kind, category, basket):
    key = ("supply basket", place, kind, category, basket)
    [floor] = [floor for name, floor in PRODUCTS if name == category]
    assert floor in FLOORS
    offered = demo.products[floor].filtered(lambda p: p.categ_id.name == category)
    goods = {}
    for number in range(int(chance.between(*LINES, *key))):
        product = chance.choose(offered, *key, number)
        dear = product.list_price >= DEAREST
        low, high = (2, 5) if dear else (4, 16)
        goods[product] = int(chance.between(low, high, *key, number, "quantity"))
    return goods.items()
