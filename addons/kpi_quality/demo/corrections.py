"""What still changes afterwards: in closed months, and on past days of this month."""

from datetime import datetime, time

from . import chance


def change_first_month(demo):
    """Known before the second run is computed, so carried over into it."""
    _refund(demo, 0, "msk_el3", "carried refund")
    _cancel(demo, 0, "web3", "carried cancellation")


def change_both_months(demo):
    """Known only after the second run was submitted: open late corrections."""
    _refund(demo, 1, "spb_el2", "late refund")
    _refund(demo, 1, "nsk_ac1", "late refund")
    _cancel(demo, 1, "web5", "late cancellation")
    _cancel(demo, 0, "kzn_el1", "late cancellation")


def change_this_month(demo):
    """On days that a night has fixed: what has changed since yesterday."""
    _refund(demo, 2, "msk_ac1", "changed")
    _cancel(demo, 2, "web2", "changed")
    _cancel(demo, 2, "spb_el3", "changed")


def _orders(demo, month, login, *key):
    """An invoiced order of a seller, from the past days of a month."""
    first = demo.months[month]
    last = demo.months[month + 1] if month < 2 else demo.today
    orders = (
        demo.env["sale.order"]
        .search(
            [
                ("user_id", "=", demo.people[login].user.id),
                ("state", "=", "sale"),
                ("invoice_status", "=", "invoiced"),
                ("date_order", ">=", datetime.combine(first, time(12))),
                ("date_order", "<", datetime.combine(last, time())),
            ],
            order="date_order, id",
        )
        .filtered(
            lambda order: (
                order.invoice_ids.mapped("move_type") == ["out_invoice"]
                and order.invoice_ids.invoice_date < last
            )
        )
    )
    return chance.choose(orders, login, *key) if orders else orders


def _refund(demo, month, login, *key):
    """A credit note with the date of the invoice: the whole sale is undone."""
    invoice = _orders(demo, month, login, *key).invoice_ids
    if invoice:
        invoice._reverse_moves(
            [
                {
                    "date": invoice.invoice_date,
                    "invoice_date": invoice.invoice_date,
                    "ref": "Возврат товара покупателем",
                }
            ]
        ).action_post()


def _cancel(demo, month, login, *key):
    """The order and its invoice are cancelled: they were entered by mistake."""
    order = _orders(demo, month, login, *key)
    if order:
        order.invoice_ids.button_draft()
        order.invoice_ids.button_cancel()
        order._action_cancel()
