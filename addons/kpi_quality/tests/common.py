"""A small company of its own, and documents on given local days."""

from datetime import date, datetime
from unittest.mock import patch

import pytz

from odoo import fields
from odoo.fields import Command
from odoo.tests.common import TransactionCase, freeze_time, new_test_user

from ..models.kpi_reader import Figure
from ..tools.window import Window

# Noon of Thursday, 20 March 2025 in Moscow: the present of all tests.
NOW = "2025-03-20 09:00:00"
MARCH = (date(2025, 3, 1), date(2025, 3, 31))


@freeze_time(NOW)
class KpiCommon(TransactionCase):
    """Company in Moscow (UTC+3, no daylight saving), euros, nothing but what is here.

    Departments::

        Shop "Arbat" (site): Sales (led by lead)
                                 Retail     seller, seller_2
                                 Wholesale  wholesaler
        Depot (site):        Warehouse (led by warehouse_lead)
                                            picker, picker_2
        nowhere:             Office         expert, payroll, payroll_2, manager

    ``nobody`` is an employee in Retail without a user. Every ``x`` has an employee
    ``cls.x`` and a user ``cls.user_x``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                "tracking_disable": True,
                "mail_create_nolog": True,
                "no_reset_password": True,
                "lang": "en_US",
            }
        )
        cls._forget_runs()
        cls.company = cls._create_company("KPI Test Company")
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.currency = cls.company.currency_id
        cls.warehouse = cls._warehouse_of(cls.company)
        cls.accounts, cls.sale_journal = cls._create_accounting(cls.company)
        cls._create_places()
        cls._create_people()
        cls.partner = cls._create_partner("Customer")
        cls.product = cls._create_product("Chair", 100.0)
        cls.product_2 = cls._create_product("Table", 250.0)
        cls.service = cls._create_product("Assembly", 50.0, type="service")

    @classmethod
    def _forget_runs(cls):
        """As if nothing was ever measured, whatever this database has seen."""
        cls.env["kpi.indicator"].search([]).write(
            {
                "measured_at": False,
                "past_measured_at": False,
                "measured_from": False,
                "fixed_until": False,
                "error_message": False,
                "error_hint": False,
            }
        )

    # ---------------------------------------------------------- the company
    @classmethod
    def _create_company(cls, name, tz="Europe/Moscow", **values):
        euro = cls.env.ref("base.EUR")
        euro.active = True
        company = cls.env["res.company"].create(
            {"name": name, "currency_id": euro.id, **values}
        )
        company.resource_calendar_id.tz = tz
        return company

    @classmethod
    def _warehouse_of(cls, company):
        return cls.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )

    @classmethod
    def _create_accounting(cls, company):
        """The least that a customer invoice needs.

        :return: accounts by kind, and the sales journal
        """
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        receivable, income, payable, expense = env["account.account"].create(
            [
                {
                    "name": kind.replace("_", " ").title(),
                    "code": f"KPI{number}",
                    "account_type": kind,
                    "reconcile": kind.endswith(("receivable", "payable")),
                    "company_ids": [Command.link(company.id)],
                }
                for number, kind in enumerate(
                    ("asset_receivable", "income", "liability_payable", "expense"), 1
                )
            ]
        )
        defaults = env["ir.default"]
        for name, account in (
            ("property_account_receivable_id", receivable),
            ("property_account_payable_id", payable),
        ):
            defaults.set("res.partner", name, account.id, company_id=company.id)
        journal, _purchases = env["account.journal"].create(
            [
                {
                    "name": f"KPI {kind}",
                    "code": f"KPI{kind[0].upper()}",
                    "type": kind,
                    "company_id": company.id,
                    "default_account_id": account.id,
                }
                for kind, account in (("sale", income), ("purchase", expense))
            ]
        )
        accounts = {
            "receivable": receivable,
            "income": income,
            "payable": payable,
            "expense": expense,
        }
        return accounts, journal

    @classmethod
    def _create_places(cls):
        cls.shop, cls.depot = cls.env["kpi.site"].create(
            [
                {"name": "Arbat", "kind": "shop", "tz": "Europe/Moscow"},
                {
                    "name": "Depot",
                    "kind": "warehouse",
                    "tz": "Europe/Moscow",
                    "warehouse_id": cls.warehouse.id,
                },
            ]
        )
        cls.sales = cls._create_department("Sales", kpi_site_id=cls.shop.id)
        cls.retail, cls.wholesale = (
            cls._create_department(
                name, parent_id=cls.sales.id, kpi_site_id=cls.shop.id
            )
            for name in ("Retail", "Wholesale")
        )
        cls.storage = cls._create_department("Warehouse", kpi_site_id=cls.depot.id)
        cls.office = cls._create_department("Office")

    @classmethod
    def _create_people(cls):
        cls.job_seller, cls.job_picker, cls.job_clerk = cls.env["hr.job"].create(
            [
                {"name": name, "company_id": cls.company.id}
                for name in ("Seller", "Picker", "Clerk")
            ]
        )
        seller = (cls.job_seller, "user", "sales_team.group_sale_salesman")
        picker = (cls.job_picker, "user", "stock.group_stock_user")
        clerk = cls.job_clerk
        for name, department, function in (
            ("seller", cls.retail, seller),
            ("seller_2", cls.retail, seller),
            ("wholesaler", cls.wholesale, seller),
            ("lead", cls.sales, (clerk, "lead")),
            ("picker", cls.storage, picker),
            ("picker_2", cls.storage, picker),
            ("warehouse_lead", cls.storage, (clerk, "lead")),
            ("expert", cls.office, (clerk, "expert")),
            ("payroll", cls.office, (clerk, "payroll")),
            ("payroll_2", cls.office, (clerk, "payroll")),
            ("manager", cls.office, (clerk, "manager")),
        ):
            job, role, *groups = function
            user = cls._create_user(f"kpi_{name}", role, groups)
            setattr(cls, f"user_{name}", user)
            setattr(cls, name, cls._create_employee(name, department, job, user))
        cls.nobody = cls._create_employee("nobody", cls.retail, cls.job_seller)
        cls.sales.manager_id = cls.lead
        cls.storage.manager_id = cls.warehouse_lead

    @classmethod
    def _create_user(cls, login, role, groups=(), company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=",".join((f"kpi_quality.group_kpi_quality_{role}", *groups)),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            tz="Europe/Moscow",
        )

    @classmethod
    def _create_employee(cls, name, department, job=None, user=None, **values):
        return cls.env["hr.employee"].create(
            {
                "name": name.replace("_", " ").title(),
                "company_id": cls.company.id,
                "department_id": department.id if department else False,
                "job_id": job.id if job else False,
                "user_id": user.id if user else False,
                "date_version": "2024-01-01",
                **values,
            }
        )

    @classmethod
    def _create_department(cls, name, **values):
        return cls.env["hr.department"].create(
            {"name": name, "company_id": cls.company.id, **values}
        )

    @classmethod
    def _create_partner(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def _create_product(cls, name, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": price,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _move_employee(cls, employee, day, department=None, job=None):
        """A version made on purpose: another department or job from a day on."""
        values = {}
        if department is not None:
            values["department_id"] = department.id
        if job is not None:
            values["job_id"] = job.id
        return employee.create_version({"date_version": day, **values})

    # ----------------------------------------------------------------- time
    @classmethod
    def utc(cls, local, tz="Europe/Moscow"):
        """A local moment, e.g. ``2025-03-05 10:00``, as Odoo stores it."""
        moment = datetime.fromisoformat(local)
        return (
            pytz.timezone(tz).localize(moment).astimezone(pytz.utc).replace(tzinfo=None)
        )

    @classmethod
    def at(cls, local, tz="Europe/Moscow"):
        """A context in which it is that local moment."""
        return freeze_time(cls.utc(local, tz))

    # ------------------------------------------------------------ documents
    @classmethod
    def order(cls, moment, user=None, lines=None, tz="Europe/Moscow", **values):
        """A sales order confirmed at a local moment.

        :param lines: ``(product, quantity[, price])``; one chair without
        """
        order = cls.quotation(moment, user, lines, tz, **values)
        with cls.at(moment, tz):
            order.action_confirm()
        return order

    @classmethod
    def quotation(cls, moment, user=None, lines=None, tz="Europe/Moscow", **values):
        with cls.at(moment, tz):
            return cls.env["sale.order"].create(
                {
                    "partner_id": cls.partner.id,
                    "user_id": user.id if user else False,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                **({"price_unit": price[0]} if price else {}),
                            }
                        )
                        for product, quantity, *price in (lines or [(cls.product, 1)])
                    ],
                    **values,
                }
            )

    @classmethod
    def deliver(
        cls,
        picking,
        moment,
        quantities=None,
        user=None,
        backorder=True,
        tz="Europe/Moscow",
    ):
        """Validate a transfer at a local moment, as a user.

        :param quantities: done by product; all of the demand without
        :param backorder: what happens to the rest
        :return: the backorder, possibly empty
        """
        with cls.at(moment, tz):
            picking = picking.with_context(skip_sms=True)
            for move in picking.move_ids.filtered(lambda m: m.state != "cancel"):
                done = move.product_uom_qty
                if quantities is not None:
                    done = quantities.get(move.product_id, 0.0)
                move.quantity = done
                move.picked = bool(done)
            context = {"skip_backorder": True}
            if not backorder:
                context["picking_ids_not_to_backorder"] = picking.ids
            validating = picking.with_context(**context)
            if user:
                validating = validating.with_user(user)
            validating.button_validate()
        return picking.backorder_ids

    @classmethod
    def invoice(cls, day, amount=None, user=None, order=None, **values):
        """A posted customer invoice without taxes.

        :param amount: untaxed, in the invoice's currency; an order gives its own
        """
        if order:
            with cls.at(f"{day} 12:00"):
                invoice = order._create_invoices()
            invoice.write({"invoice_date": day, **values})
        else:
            invoice = cls.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.partner.id,
                    "invoice_user_id": user.id if user else False,
                    "invoice_date": day,
                    "journal_id": cls.sale_journal.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Goods",
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        invoice.action_post()
        return invoice

    @classmethod
    def refund(cls, invoice, day, amount=None, user=None):
        """A posted credit note for an invoice, in full or of an amount.

        :param user: who writes it; the accountant, not the seller
        """
        refund = invoice._reverse_moves(
            [
                {
                    "invoice_date": day,
                    "date": day,
                    "invoice_user_id": user.id if user else False,
                }
            ]
        )
        if amount is not None:
            line = refund.invoice_line_ids.filtered(
                lambda item: item.display_type == "product"
            )[0]
            line.write({"quantity": 1, "price_unit": amount})
        refund.action_post()
        return refund

    # -------------------------------------------------------------- figures
    @classmethod
    def indicator(cls, code):
        return cls.env["kpi.indicator"].search([("code", "=", code)])

    @classmethod
    def create_indicator(cls, code, **values):
        return cls.env["kpi.indicator"].create(
            {
                "code": code,
                "name": code.replace("_", " ").title(),
                "state": "active",
                **values,
            }
        )

    @classmethod
    def source_options(cls, source, **options):
        """For as long as it lasts, a source describes itself in another way."""
        known = cls.env["kpi.indicator"]._get_sources()
        known = known | {source: known[source] | options}
        return patch.object(
            cls.registry["kpi.indicator"], "_get_sources", lambda _self: known
        )

    @classmethod
    def measure(
        cls, codes, date_from=MARCH[0], date_to=MARCH[1], now=None, nightly=False
    ):
        """Measure indicators over local days.

        :param codes: a code, codes separated by spaces, or indicators
        :param now: naive UTC moment; the frozen present without
        :return: :class:`Measured` of the last one
        """
        if isinstance(codes, str):
            indicators = [cls.indicator(code) for code in codes.split()]
        else:
            indicators = codes
        window = Window(
            fields.Date.to_date(date_from),
            fields.Date.to_date(date_to),
            now or fields.Datetime.now(),
        )
        measured = None
        for indicator in indicators:
            measured = cls.env["kpi.engine"]._measure(indicator, window, nightly)
        return measured

    @classmethod
    def atoms(cls, code, **dimensions):
        """The stored rows of an indicator in the test company, oldest first."""
        domain = [
            ("indicator_id.code", "=", code),
            ("company_id", "=", dimensions.pop("company", cls.company).id),
        ]
        domain += [(name, "=", record.id) for name, record in dimensions.items()]
        return cls.env["kpi.measurement"].search(
            domain, order="date, hour, employee_id, id"
        )

    @classmethod
    def fact(
        cls, indicator, place=None, date_from=MARCH[0], date_to=MARCH[1], **options
    ):
        """The figure of an indicator as ``kpi.reader`` gives it.

        :param place: an employee, department, site, warehouse or company; the test
            company without
        :rtype: odoo.addons.kpi_quality.models.kpi_reader.Fact
        """
        figure = cls.figure(indicator, place, date_from, date_to)
        return cls.env["kpi.reader"]._read_facts([figure], **options)[figure]

    @classmethod
    def figure(cls, indicator, place=None, date_from=MARCH[0], date_to=MARCH[1]):
        if isinstance(indicator, str):
            indicator = cls.indicator(indicator)
        place = cls.company if place is None else place
        scope = {
            "hr.employee": "personal",
            "hr.department": "department",
            "kpi.site": "site",
            "stock.warehouse": "warehouse",
            "res.company": "company",
        }[place._name]
        records = {}
        if scope == "personal":
            records = {
                "employee_id": place.id,
                "department_id": place.department_id.id or None,
            }
        elif scope != "company":
            records = {f"{scope}_id": place.id}
        company = place if scope == "company" else place.company_id
        return Figure(
            indicator.id,
            company.id,
            fields.Date.to_date(date_from),
            fields.Date.to_date(date_to),
            scope,
            **records,
        )

    # --------------------------------------------------- targets and bonuses
    @classmethod
    def period(cls, date_from=MARCH[0], kind="month", **values):
        return cls.env["kpi.period"].create(
            {"kind": kind, "date_from": date_from, **values}
        )

    @classmethod
    def matrix(cls, name, lines, jobs=(), employees=(), **values):
        """A matrix, assigned to jobs and employees.

        :param lines: ``(code, weight, base, plan, challenge[, further values])``
        """
        return cls.env["kpi.matrix"].create(
            {
                "name": name,
                "line_ids": [
                    Command.create(
                        {
                            "indicator_id": cls.indicator(code).id,
                            "weight": weight,
                            "base": base,
                            "plan": plan,
                            "challenge": challenge,
                            **(further[0] if further else {}),
                        }
                    )
                    for code, weight, base, plan, challenge, *further in lines
                ],
                "assignment_ids": [
                    *(Command.create({"job_id": job.id}) for job in jobs),
                    *(Command.create({"employee_id": who.id}) for who in employees),
                ],
                **values,
            }
        )

    @classmethod
    def scheme(
        cls, name, matrices, points=((85, 70), (100, 100), (120, 160)), **values
    ):
        """A ``curve`` scheme with the break points of FORMULAS.md."""
        return cls.env["kpi.bonus.scheme"].create(
            {
                "name": name,
                "matrix_ids": [Command.set(matrices.ids)],
                "point_ids": [
                    Command.create({"coefficient": coefficient, "percent": percent})
                    for coefficient, percent in points
                ],
                **values,
            }
        )
