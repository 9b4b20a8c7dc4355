"""What purchasing, receiving and delivery answer for: limits, owners, matrices.

Their matrices begin with the current month: the months before are paid as they were.
"""

from odoo import Command

# Indicator: critical limit (0: none), who is asked about it.
OWNERS = {
    "pick_lateness_hours": (6, "warehouse"),
    "pick_delay_hours": (0, "warehouse"),
    "pick_late_share": (20, "warehouse"),
    "pick_long_late_share": (5, "warehouse"),
    "receiving_hours": (12, "warehouse"),
    "receiving_late_share": (60, "warehouse"),
    "inbound_delay_hours": (12, "procurement"),
    "inbound_delay_receiving": (8, "warehouse"),
    "inbound_delay_supplier": (8, "procurement"),
    "supplier_lead_hours": (0, "procurement"),
    "supplier_lateness_hours": (0, "procurement"),
    "supplier_delay_hours": (8, "procurement"),
    "supplier_late_share": (35, "procurement"),
    "delivery_lateness_hours": (0, "delivery"),
    "delivery_delay_hours": (6, "delivery"),
    "delivery_late_share": (8, "delivery"),
    "promise_moved_share": (10, "delivery"),
    "order_handling_hours": (0, "web_head"),
}
# As in figures.MATRICES, but for the jobs of one line each.
MATRICES = {
    "receiver": (
        ("Receiver", "Приёмщик"),
        (
            ("receiving_late_share", "personal", 0.6, 60, 30, 15),
            ("receiving_hours", "personal", 0.4, 10, 4, 3),
        ),
    ),
    "courier": (
        ("Courier", "Курьер"),
        (
            ("delivery_late_share", "personal", 0.6, 20, 8, 3),
            ("delivery_delay_hours", "personal", 0.4, 3, 1, 0.3),
        ),
    ),
}
TEMPLATES = {
    "buyer": ("Buyer", "Специалист по закупкам"),
    "delivery_head": ("Head of delivery", "Руководитель службы доставки"),
    "warehouse_head": (
        "Head of the warehouse, with receiving",
        "Начальник склада (с приёмкой)",
    ),
}


def set_limits(demo):
    for code, (limit, login) in OWNERS.items():
        demo.indicators[code].write(
            {"critical_limit": limit, "owner_id": demo.people[login].user.id}
        )


def introduce(demo):
    """Make the matrices, and give them to those who have the jobs."""
    matrices = {job: _from_template(demo, job) for job in TEMPLATES}
    matrices |= {job: _from_lines(demo, job) for job in MATRICES}
    # The head of the warehouse answers for receiving from now on.
    head = demo.people["warehouse"].employee
    demo.env["kpi.matrix.assignment"].create(
        [
            {"matrix_id": matrix.id}
            | (
                {"employee_id": head.id}
                if job == "warehouse_head"
                else {"job_id": demo.jobs[job].id}
            )
            for job, matrix in matrices.items()
        ]
    )
    heads = ("delivery_head", "warehouse_head")
    for old, jobs in (
        ("picker", matrices.keys() - set(heads)),
        ("warehouse_head", heads),
    ):
        schemes = demo.env["kpi.bonus.scheme"].search(
            [("matrix_ids", "=", demo.matrices[old].id)]
        )
        new = [Command.link(matrices[job].id) for job in sorted(jobs)]
        schemes.write({"matrix_ids": new})


def _from_template(demo, job):
    template = demo.env["kpi.matrix.template"].create(
        {"template": job, "company_id": demo.company.id}
    )
    matrix = template._create_matrix()
    demo.write_in_two_languages(matrix, {"name": TEMPLATES[job]})
    return matrix


def _from_lines(demo, job):
    name, rows = MATRICES[job]
    columns = ("scope", "weight", "base", "plan", "challenge")
    return demo.create_in_two_languages(
        "kpi.matrix",
        {
            "name": name,
            "line_ids": [
                Command.create(
                    {"sequence": position, "indicator_id": demo.indicators[code].id}
                    | dict(zip(columns, values, strict=True))
                )
                for position, (code, *values) in enumerate(rows, 1)
            ],
        },
    )
