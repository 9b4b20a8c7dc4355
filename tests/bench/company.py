"""The company that the benchmark measures: places, people, matrices, bonus scheme."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.kpi_quality.demo.clone import TreeCloner

LAST_DAY = date(2025, 6, 30)
# The evening of the last day by the company's clock: what the engine takes for now.
NOW = datetime(2025, 6, 30, 20, 30)

ZONES = (
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Asia/Yekaterinburg",
    "Asia/Novosibirsk",
)
SHOPS = 5  # in each region, with two sales floors each
SELLERS = 640
PICKERS = 160
CUSTOMERS = 20000
PRODUCTS = 50


def month_starts(months):
    """:return: first days of the months that are filled, oldest first"""
    first = LAST_DAY.replace(day=1)
    return [first - relativedelta(months=back) for back in reversed(range(months))]


def make(env, months):
    """Make everything that documents refer to.

    :return: the records that serve as prototypes, by name
    """
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    company.resource_calendar_id.tz = "Europe/Moscow"
    floors, warehouse_departments, warehouses = _make_places(env)
    jobs = env["hr.job"].create([{"name": "Seller"}, {"name": "Picker"}])
    _make_people(env, floors, jobs[0], SELLERS)
    _make_people(env, warehouse_departments, jobs[1], PICKERS)
    _move_some(env, floors)
    for group in ("manager", "payroll"):
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": f"Bench {group}",
                "login": f"bench_{group}",
                "group_ids": [
                    Command.link(env.ref(f"kpi_quality.group_kpi_quality_{group}").id)
                ],
            }
        )
    _make_matrices(env, jobs)
    for start in month_starts(months):
        env["kpi.period"].create({"kind": "month", "date_from": start})
    products = env["product.product"].create(
        [
            {
                "name": f"Product {number}",
                "type": "consu",
                "list_price": 90 + 37 * number,
                "taxes_id": [Command.clear()],
            }
            for number in range(PRODUCTS)
        ]
    )
    return {
        "customer": _make_customers(env),
        "products": products,
        "warehouses": warehouses,
    }


def _make_places(env):
    """Four regions with their own clock, a warehouse and shops with sales floors."""
    departments = env["hr.department"]
    company = departments.create({"name": "Shop chain"})
    floors, warehouse_departments = departments, departments
    warehouses = env["stock.warehouse"]
    for number, zone in enumerate(ZONES):
        city = zone.split("/")[1]
        address = env["res.partner"].create({"name": f"{city} warehouse", "tz": zone})
        warehouses |= env["stock.warehouse"].create(
            {
                "name": city,
                "code": f"B{number}",
                "partner_id": address.id,
                "delivery_steps": "pick_ship" if number % 2 else "ship_only",
            }
        )
        region = departments.create({"name": city, "parent_id": company.id})
        sites = env["kpi.site"].create(
            [
                {
                    "name": f"{city} {kind} {site}",
                    "kind": kind,
                    "tz": zone,
                    "warehouse_id": warehouses[-1].id,
                }
                for kind, count in (("warehouse", 1), ("shop", SHOPS))
                for site in range(count)
            ]
        )
        warehouse_departments |= departments.create(
            {
                "name": f"{city} picking",
                "parent_id": region.id,
                "kpi_site_id": sites[0].id,
            }
        )
        for site in sites[1:]:
            shop = departments.create(
                {"name": site.name, "parent_id": region.id, "kpi_site_id": site.id}
            )
            floors |= departments.create(
                [
                    {
                        "name": f"{site.name}: {floor}",
                        "parent_id": shop.id,
                        "kpi_site_id": site.id,
                    }
                    for floor in ("electronics", "household")
                ]
            )
    return floors, warehouse_departments, warehouses


def clone_records(cr, count, table, root, **columns):
    """A cloner for ``count`` copies of one record.

    :param columns: SQL over the copy's number ``n``, for the overrides
    """
    cr.execute(SQL("DROP TABLE IF EXISTS bench_plan"))
    cr.execute(
        SQL(
            "CREATE TEMPORARY TABLE bench_plan ON COMMIT DROP AS"
            " SELECT n AS copy_no, %s AS root_id, FALSE AS in_place %s"
            " FROM generate_series(0, %s) AS n",
            root.id,
            SQL("").join(
                SQL(", %s AS %s", value, SQL.identifier(name))
                for name, value in columns.items()
            ),
            count - 1,
        )
    )
    cloner = TreeCloner(cr, "bench_plan")
    cloner.add_root(table)
    return cloner


def _make_customers(env):
    customer = env["res.partner"].create({"name": "Customer", "customer_rank": 1})
    env.flush_all()
    name = SQL("'Customer ' || plan.copy_no")
    cloner = clone_records(env.cr, CUSTOMERS, "res_partner", customer)
    cloner.fill("res_partner", name=name, complete_name=name)
    env.invalidate_all()
    return customer


def _make_people(env, departments, job, count):
    """Users with employees, dealt out to the departments one by one."""
    cr = env.cr
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": job.name,
                "login": f"bench_{job.name.lower()}",
                "group_ids": [
                    Command.link(env.ref(name).id)
                    for name in (
                        "sales_team.group_sale_salesman",
                        "kpi_quality.group_kpi_quality_user",
                    )
                ],
            }
        )
    )
    employee = env["hr.employee"].create({"name": job.name, "user_id": user.id})
    env.flush_all()
    cloner = clone_records(
        cr,
        count,
        "hr_employee",
        employee,
        name=SQL("%s || ' ' || lpad(n::text, 3, '0')", job.name),
        login=SQL("%s || '_' || n", user.login),
        department_id=SQL(
            "(%s::int4[])[1 + n %% %s]", departments.ids, len(departments)
        ),
        wage=SQL("40000 + n %% 20 * 1000"),
    )
    for table, column in (
        ("res_users", "user_id"),
        ("res_partner", "work_contact_id"),
        ("resource_resource", "resource_id"),
    ):
        pairs = SQL(
            "SELECT id AS parent_id, %s AS id FROM hr_employee", SQL.identifier(column)
        )
        cloner.add(table, "hr_employee", by=pairs)
    cloner.add("hr_version", "hr_employee", by="employee_id")
    name = SQL("plan.name")
    cloner.fill("res_partner", name=name, complete_name=name)
    cloner.fill("res_users", login=SQL("plan.login"))
    cloner.link("res_groups_users_rel")
    cloner.link("res_company_users_rel")
    cloner.fill("resource_resource", name=name)
    # Employee and current version refer to each other.
    cloner.fill("hr_employee", name=name, current_version_id=SQL("NULL"))
    cloner.fill(
        "hr_version",
        department_id=SQL("plan.department_id"),
        job_id=SQL("%s", job.id),
        wage=SQL("plan.wage"),
        date_version=SQL("'2024-01-01'::date"),
    )
    cr.execute(
        """
        UPDATE hr_employee AS employee
        SET current_version_id = version.id
        FROM hr_version AS version
        WHERE version.employee_id = employee.id
            AND employee.current_version_id IS NULL
        """
    )
    env.invalidate_all()
    employee.action_archive()  # a prototype works nowhere


def _move_some(env, floors):
    """Every tenth seller goes to the next floor, again and again for a year."""
    cr = env.cr
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE bench_move ON COMMIT DROP AS
            SELECT
                row_number() OVER (ORDER BY version.id, month.n) AS copy_no,
                version.id AS root_id,
                FALSE AS in_place,
                (%(last_day)s::date - 14 - INTERVAL '2 months' * (5 - month.n))::date
                    AS day,
                (%(floors)s::int4[])[
                    1 + (
                        array_position(%(floors)s::int4[], version.department_id)
                        + month.n
                    ) %% %(count)s
                ] AS department_id
            FROM hr_version AS version
            CROSS JOIN generate_series(0, 5) AS month(n)
            WHERE version.active
                AND version.department_id = ANY(%(floors)s)
                AND version.employee_id %% 10 = 0
            """,
            last_day=LAST_DAY,
            floors=floors.ids,
            count=len(floors),
        )
    )
    cloner = TreeCloner(cr, "bench_move")
    cloner.add_root("hr_version")
    cloner.fill(
        "hr_version",
        date_version=SQL("plan.day"),
        department_id=SQL("plan.department_id"),
    )
    env.invalidate_all()


def _make_matrices(env, jobs):
    """Two jobs, lines of all scopes, one scheme; two indicators of one's own."""
    indicators = env["kpi.indicator"]
    indicators.create(
        [
            {
                "code": "active_customers",
                "name": "Active customers",
                "unit": "count",
                "state": "active",
                "source": "model",
                "aggregation": "distinct",
                "model_id": env["ir.model"]._get_id("sale.order"),
                "model_domain": "[('state', '=', 'sale')]",
                "model_date_path": "date_order",
                "model_key_path": "partner_id",
                "model_employee_path": "user_id",
                "model_warehouse_path": "warehouse_id",
            },
            {
                "code": "revenue_per_line",
                "name": "Revenue per line",
                "unit": "money",
                "state": "active",
                "source": "formula",
                "formula": "revenue / lines_per_sale.numerator",
            },
        ]
    )
    by_code = {indicator.code: indicator for indicator in indicators.search([])}
    lines = {
        "Seller": [
            ("revenue", "personal", 0.25, (300000, 500000, 600000)),
            ("revenue", "department", 0.15, (5000000, 8000000, 9000000)),
            ("orders_processed", "personal", 0.15, (120, 180, 220)),
            ("average_check", "personal", 0.10, (2000, 4000, 5000)),
            ("lines_per_sale", "personal", 0.15, (1.5, 2.4, 2.7)),
            ("active_customers", "personal", 0.10, (100, 180, 210)),
            ("revenue_per_line", "site", 0.10, (500, 1500, 2000)),
        ],
        "Picker": [
            ("pick_late_share", "personal", 0.40, (25, 12, 5)),
            ("pick_lateness_hours", "personal", 0.30, (24, 12, 8)),
            ("pick_delay_hours", "warehouse", 0.30, (6, 2, 1)),
        ],
    }
    matrices = env["kpi.matrix"].create(
        [
            {
                "name": job.name,
                "line_ids": [
                    Command.create(
                        {
                            "indicator_id": by_code[code].id,
                            "scope": scope,
                            "weight": weight,
                            "base": base,
                            "plan": plan,
                            "challenge": challenge,
                        }
                    )
                    for code, scope, weight, (base, plan, challenge) in lines[job.name]
                ],
                "assignment_ids": [Command.create({"job_id": job.id})],
            }
            for job in jobs
        ]
    )
    env["kpi.bonus.scheme"].create(
        {
            "name": "Monthly bonus",
            "matrix_ids": [Command.set(matrices.ids)],
            "point_ids": [
                Command.create({"coefficient": coefficient, "percent": percent})
                for coefficient, percent in ((85, 70), (100, 100), (120, 160))
            ],
        }
    )
