"""All documents of a busy shop, cloned by SQL from prototypes.

What is drawn (who, when, how late, which kind) depends on the number of the order
only, so the same months give the same documents on every machine.
"""

import history
import purchases
import purchases_copies
import sales
import sales_copies
from bulk import loading
from company import ZONES

from odoo.tools import SQL

TABLES = tuple({*sales_copies.TABLES, *purchases_copies.TABLES, *history.TABLES})

PART = """
    CREATE OR REPLACE FUNCTION pg_temp.part(key int8, prime int4) RETURNS float8
    IMMUTABLE LANGUAGE SQL
    AS $$ SELECT key * sqrt(prime::float8) - floor(key * sqrt(prime::float8)) $$
"""


def make(env, months, made):
    """Clone the documents of some months.

    :param dict made: what :func:`company.make` returned
    :return: the number of rows by table
    """
    # Multiples of an irrational root without their whole part: evenly spread in
    # [0, 1), the same everywhere, and independent for different primes (Weyl).
    env.cr.execute(PART)
    refunds = sales.make_prototypes(env, made)
    backorders = purchases.make_prototypes(env, made)
    env.flush_all()
    _list_people(env.cr, made)
    sales.draw(env.cr, months)
    purchases.draw(env.cr, months)
    env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(map(SQL.identifier, TABLES))))
    with loading(env.cr, TABLES):
        counts = {
            # The few first, while the tables are small.
            "purchases": purchases_copies.clone(env.cr, backorders),
            "sales": sales_copies.clone(env.cr, refunds),
            "history": history.write(env.cr),
        }
    env.invalidate_all()
    return counts


def _list_people(cr, made):
    """Tables of who and where, for the drawing."""
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_place ON COMMIT DROP AS
            SELECT
                place.position - 1 AS region,
                warehouse.id AS warehouse_id,
                place.tz,
                warehouse.in_type_id,
                warehouse.store_type_id,
                warehouse.out_type_id,
                warehouse.delivery_steps != 'ship_only' AS is_two_step,
                warehouse.reception_steps != 'one_step' AS stores,
                arrival.kpi_needs_mark IS TRUE AS marks_arrival,
                delivery.kpi_needs_mark IS TRUE AS marks_delivery
            FROM unnest(%s::int4[], %s::varchar[]) WITH ORDINALITY
                AS place(warehouse_id, tz, position)
            JOIN stock_warehouse AS warehouse ON warehouse.id = place.warehouse_id
            JOIN stock_picking_type AS arrival ON arrival.id = warehouse.in_type_id
            JOIN stock_picking_type AS delivery ON delivery.id = warehouse.out_type_id
            """,
            made["warehouses"].ids,
            list(ZONES),
        )
    )
    # Sellers and pickers serve the region of the department they started in.
    cr.execute(
        """
        CREATE TEMPORARY TABLE bench_person ON COMMIT DROP AS
        SELECT
            employee.user_id,
            place.region,
            job.name->>'en_US' AS job,
            row_number() OVER (
                PARTITION BY job.id ORDER BY employee.id
            ) - 1 AS position,
            row_number() OVER (
                PARTITION BY job.id, place.region ORDER BY employee.id
            ) - 1 AS regional_position
        FROM hr_employee AS employee
        JOIN (
            SELECT DISTINCT ON (employee_id) employee_id, department_id, job_id
            FROM hr_version
            WHERE active
            ORDER BY employee_id, date_version
        ) AS version ON version.employee_id = employee.id
        JOIN hr_job AS job ON job.id = version.job_id
        JOIN hr_department AS department ON department.id = version.department_id
        JOIN kpi_site AS site ON site.id = department.kpi_site_id
        JOIN bench_place AS place ON place.warehouse_id = site.warehouse_id
        WHERE employee.active
        """
    )
    cr.execute(
        """
        CREATE TEMPORARY TABLE bench_customer ON COMMIT DROP AS
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS position
        FROM res_partner
        WHERE name LIKE 'Customer %'
        """
    )
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_vendor ON COMMIT DROP AS
            SELECT id, position - 1 AS position
            FROM unnest(%s::int4[]) WITH ORDINALITY AS vendor(id, position)
            """,
            made["vendors"].ids,
        )
    )
