"""A till of the test company, and receipts at given local moments."""

from odoo import fields
from odoo.fields import Command
from odoo.tests.common import freeze_time

from odoo.addons.kpi_quality.tests.common import NOW, KpiCommon


@freeze_time(NOW)
class PosCommon(KpiCommon):
    """``till`` takes money in the company's warehouse; its ``session`` is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        receivable, cls.outstanding = cls.env["account.account"].create(
            [
                {
                    "name": name,
                    "code": f"KPIPOS{number}",
                    "account_type": account_type,
                    "reconcile": True,
                    "company_ids": [Command.link(cls.company.id)],
                }
                for number, (name, account_type) in enumerate(
                    (
                        ("Receivable of tills", "asset_receivable"),
                        ("On the way to the bank", "asset_current"),
                    )
                )
            ]
        )
        cls.company.account_default_pos_receivable_account_id = receivable
        cls.company.income_account_id = cls.accounts["income"]
        cls.bank = cls.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "KPIB",
                "type": "bank",
                "company_id": cls.company.id,
            }
        )
        cls.till = cls._create_till("Till")
        cls.session = cls._open(cls.till)

    @classmethod
    def _create_till(cls, name, **values):
        method = cls.env["pos.payment.method"].create(
            {
                "name": f"Card, {name}",
                "journal_id": cls.bank.id,
                "outstanding_account_id": cls.outstanding.id,
            }
        )
        return cls.env["pos.config"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "journal_id": cls.sale_journal.id,
                "invoice_journal_id": cls.sale_journal.id,
                "picking_type_id": cls.warehouse.pos_type_id.id,
                "payment_method_ids": [Command.set(method.ids)],
                **values,
            }
        )

    @classmethod
    def _open(cls, till):
        session = cls.env["pos.session"].create(
            {"config_id": till.id, "user_id": cls.env.uid}
        )
        session.set_opening_control(0, None)
        return session

    @classmethod
    def receipt(cls, moment, user=None, lines=None, session=None, paid=True, **values):
        """A receipt of a local moment.

        :param lines: ``(product, quantity[, price[, values]])``; one chair without
        """
        session = session or cls.session
        with cls.at(moment):
            order = cls.env["pos.order"].create(
                {
                    "session_id": session.id,
                    "company_id": cls.company.id,
                    "date_order": fields.Datetime.now(),
                    "user_id": user.id if user else False,
                    "partner_id": cls.partner.id,
                    "amount_total": 0,
                    "amount_paid": 0,
                    "amount_tax": 0,
                    "amount_return": 0,
                    "lines": [
                        Command.create(cls._line_values(*line))
                        for line in lines or [(cls.product, 1)]
                    ],
                    **values,
                }
            )
            return cls._pay(order) if paid else order

    @classmethod
    def _line_values(cls, product, quantity, price=None, values=None):
        # A product of all companies has their default taxes, too.
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id == cls.company)
        return {
            "product_id": product.id,
            "full_product_name": product.name,
            "qty": quantity,
            "price_unit": product.lst_price if price is None else price,
            "price_subtotal": 0,
            "price_subtotal_incl": 0,
            "tax_ids": [Command.set(taxes.ids)],
            **(values or {}),
        }

    @classmethod
    def _pay(cls, order):
        order.lines._onchange_amount_line_all()
        order._compute_prices()
        method = order.config_id.payment_method_ids[0]
        payment = cls.env["pos.make.payment"].with_context(
            active_ids=order.ids, active_id=order.id
        )
        payment.create({"payment_method_id": method.id}).check()
        return order

    @classmethod
    def take_back(cls, receipt, moment, user=None, quantities=None):
        """Goods are returned at a local moment.

        :param user: who sits at the till then
        :param quantities: by product; everything without
        """
        with cls.at(moment):
            refund = receipt._refund()
            refund.user_id = user
            for line in refund.lines if quantities else ():
                line.qty = -quantities.get(line.product_id, 0)
            refund.lines.filtered(lambda line: not line.qty).unlink()
            return cls._pay(refund)

    @classmethod
    def invoice_receipt(cls, receipt, moment):
        with cls.at(moment):
            receipt.action_pos_order_invoice()
        return receipt.account_move

    @classmethod
    def close(cls, moment, session=None):
        session = session or cls.session
        with cls.at(moment):
            session.action_pos_session_closing_control()
        return session
