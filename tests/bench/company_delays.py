"""What delays are about: vendors, areas of sites, docks, marks, working hours."""

from datetime import datetime, time, timedelta

from company import clone_records, month_starts

from odoo.fields import Command
from odoo.tools import SQL

VENDORS = 250
CITIES = 8  # of each region: four have a shop of their own, one serves the rest
# Of the four warehouses: where receipts take two steps, arrivals are marked at the
# dock, deliveries are confirmed.
TWO_STEPS = slice(1, None, 2)
MARKED_DOCKS = slice(1, 3)
CONFIRMED_DELIVERIES = slice(0, 2)
LED = 1  # the warehouse whose lead looks at the board
OWN_HOURS = 1  # the warehouse with a working time of its own
WORKING_CODE = "pick_delay_working"


def make(env, months, made):
    """:return: further records that serve as prototypes, by name"""
    warehouses = made["warehouses"]
    warehouses[TWO_STEPS].reception_steps = "two_steps"
    _mark(env, months, warehouses)
    _make_areas(env, warehouses)
    _make_lead(env, warehouses[LED])
    _make_working_hours(env, warehouses[OWN_HOURS])
    return {"vendors": _make_vendors(env)}


def _mark(env, months, warehouses):
    """Handovers are marked since before the first document."""
    types = warehouses[MARKED_DOCKS].in_type_id
    types |= warehouses[CONFIRMED_DELIVERIES].out_type_id
    types.kpi_needs_mark = True
    types.flush_recordset()
    since = datetime.combine(month_starts(months)[0] - timedelta(days=60), time.min)
    env.cr.execute(
        SQL(
            "UPDATE stock_picking_type SET kpi_needs_mark_since = %s WHERE id IN %s",
            since,
            tuple(types.ids),
        )
    )
    env.invalidate_all()


def _make_areas(env, warehouses):
    """Customers of a region and its cities, and the shops that serve them."""
    country = env.ref("base.ru")
    states = env["res.country.state"].create(
        [
            {
                "name": f"{warehouse.name} region",
                "code": f"BENCH{number}",
                "country_id": country.id,
            }
            for number, warehouse in enumerate(warehouses)
        ]
    )
    for state, warehouse in zip(states, warehouses, strict=True):
        shops = env["kpi.site"].search(
            [("warehouse_id", "=", warehouse.id), ("kind", "=", "shop")], order="id"
        )
        env["kpi.site.area"].create(
            [
                {
                    "site_id": shop.id,
                    "state_id": state.id,
                    "city": f"City {number}" if number else False,
                }
                for number, shop in enumerate(shops)
            ]
        )
    env.flush_all()
    # Some live nowhere; some write their city as people do.
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner AS customer
            SET
                country_id = %(country)s,
                state_id = (%(states)s::int4[])[
                    1 + listed.position %% cardinality(%(states)s::int4[])
                ],
                city = CASE WHEN listed.position %% 3 = 0
                    THEN ' CITY ' || listed.city
                    ELSE 'City ' || listed.city
                END
            FROM (
                SELECT
                    id,
                    position,
                    position / cardinality(%(states)s::int4[]) %% %(cities)s AS city
                FROM (
                    SELECT id, (row_number() OVER (ORDER BY id) - 1)::int4 AS position
                    FROM res_partner
                    WHERE name LIKE 'Customer %%'
                ) AS numbered
            ) AS listed
            WHERE customer.id = listed.id
                AND listed.position %% 23 != 0
            """,
            country=country.id,
            states=states.ids,
            cities=CITIES,
        )
    )
    env.invalidate_all()


def _make_lead(env, warehouse):
    """One of the pickers leads the warehouse where he works."""
    department = env["hr.department"].search(
        [
            ("kpi_site_id.warehouse_id", "=", warehouse.id),
            ("kpi_site_id.kind", "=", "warehouse"),
        ]
    )
    department.manager_id = env["hr.employee"].search(
        [("department_id", "=", department.id)], order="id", limit=1
    )
    department.manager_id.user_id.group_ids = [
        Command.link(env.ref("kpi_quality.group_kpi_quality_lead").id)
    ]


def _make_working_hours(env, warehouse):
    """An indicator in working hours, and a warehouse that works on Saturdays."""
    warehouse.kpi_calendar_id = env["resource.calendar"].create(
        {
            "name": "Six days",
            "tz": warehouse.partner_id.tz,
            "attendance_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "name": f"Day {day}, {period}",
                            "dayofweek": str(day),
                            "day_period": period,
                            "hour_from": hour_from,
                            "hour_to": hour_to,
                        }
                    )
                    for day in range(6)
                    for period, hour_from, hour_to in (
                        ("morning", 8, 12),
                        ("afternoon", 13, 20),
                    )
                ),
            ],
        }
    )
    env["kpi.indicator"].create(
        {
            "code": WORKING_CODE,
            "name": "Picking delay in working hours",
            "unit": "hours",
            "direction": "falling",
            "state": "active",
            "source": "pick_delay_hours",
            "hours_kind": "working",
        }
    )


def _make_vendors(env):
    vendor = env["res.partner"].create({"name": "Vendor", "supplier_rank": 1})
    env.flush_all()
    name = SQL("'Vendor ' || plan.copy_no")
    cloner = clone_records(env.cr, VENDORS, "res_partner", vendor)
    cloner.fill("res_partner", name=name, complete_name=name)
    env.invalidate_all()
    return env["res.partner"].search([("name", "=like", "Vendor %")], order="id")
