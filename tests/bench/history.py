"""What the order journal and the handovers would know of the copied documents."""

TABLES = ("kpi_order_journal", "kpi_handover")

# The states that an order went through, with their moments.
ORDER_STATES = """
    INSERT INTO kpi_order_journal (
        res_model, res_id, company_id, event, old_value, new_value, user_id, moment
    )
    SELECT
        'sale.order', sale.id, sale.company_id, 'state',
        step.old_value, step.new_value, sale.user_id, step.moment
    FROM bench_order AS plan
    JOIN sale_order AS sale ON sale.name = 'B' || plan.copy_no
    CROSS JOIN LATERAL (VALUES
        (NULL, 'draft', plan.created_at),
        ('draft', 'sale', plan.first_confirmed_at),
        ('sale', 'cancel', plan.first_confirmed_at + INTERVAL '5 minutes'),
        ('cancel', 'draft', plan.first_confirmed_at + INTERVAL '6 minutes'),
        ('draft', 'sale', plan.ordered_at),
        (
            'sale',
            'cancel',
            CASE WHEN sale.state = 'cancel' THEN plan.cancelled_at END
        )
    ) AS step(old_value, new_value, moment)
    WHERE step.moment IS NOT NULL
    ORDER BY sale.id, step.moment
"""
PURCHASE_STATES = """
    INSERT INTO kpi_order_journal (
        res_model, res_id, company_id, event, old_value, new_value, user_id, moment
    )
    SELECT
        'purchase.order', purchase.id, purchase.company_id, 'state',
        step.old_value, step.new_value, purchase.user_id, step.moment
    FROM bench_purchase AS plan
    JOIN purchase_order AS purchase ON purchase.name = 'PB' || plan.copy_no
    CROSS JOIN LATERAL (VALUES
        (NULL, 'draft', plan.ordered_at - INTERVAL '1 hour'),
        ('draft', 'purchase', plan.ordered_at),
        (
            'purchase',
            'cancel',
            CASE WHEN purchase.state = 'cancel' THEN plan.withdrawn_at END
        )
    ) AS step(old_value, new_value, moment)
    WHERE step.moment IS NOT NULL
    ORDER BY purchase.id, step.moment
"""
TRANSFER_STATES = """
    INSERT INTO kpi_order_journal (
        res_model, res_id, company_id, event, old_value, new_value, user_id, moment
    )
    SELECT
        'stock.picking', picking.id, picking.company_id, 'state',
        step.old_value, step.new_value, picking.user_id, step.moment
    FROM stock_picking AS picking
    CROSS JOIN LATERAL (VALUES
        (NULL, 'draft', picking.create_date),
        ('draft', 'confirmed', picking.create_date),
        ('confirmed', 'assigned', picking.create_date),
        ('assigned', 'done', picking.date_done)
    ) AS step(old_value, new_value, moment)
    WHERE (picking.origin LIKE 'B%' OR picking.origin LIKE 'PB%')
        AND step.moment IS NOT NULL
    ORDER BY picking.id, step.moment
"""
MOVED_PROMISES = """
    INSERT INTO kpi_order_journal (
        res_model, res_id, company_id, event, old_value, new_value, user_id, moment,
        line_id, product_id
    )
    SELECT
        'sale.order', sale.id, sale.company_id, 'promise',
        CASE WHEN line.id IS NULL THEN plan.due_at::text ELSE '0' END,
        CASE WHEN line.id IS NULL
            THEN (plan.due_at + INTERVAL '1 day')::text
            ELSE '1'
        END,
        sale.user_id, plan.moved_at, line.id, line.product_id
    FROM bench_order AS plan
    JOIN sale_order AS sale ON sale.name = 'B' || plan.copy_no
    LEFT JOIN LATERAL (
        SELECT id, product_id
        FROM clone_sale_order_line AS copied
        JOIN sale_order_line ON sale_order_line.id = copied.new_id
        WHERE copied.copy_no = plan.copy_no
        ORDER BY id
        LIMIT 1
    ) AS line ON plan.moved_by_line
    WHERE plan.moved_at IS NOT NULL
    ORDER BY sale.id
"""
HANDOVERS = """
    INSERT INTO kpi_handover (
        picking_id, company_id, kind, moment, user_id, source, create_date, create_uid
    )
    SELECT
        picking.id, picking.company_id, mark.kind, mark.moment, picking.user_id,
        'tap', mark.moment, picking.user_id
    FROM stock_picking AS picking
    CROSS JOIN LATERAL (VALUES
        ('arrival', picking.kpi_arrived_at),
        ('delivery', picking.kpi_delivered_at)
    ) AS mark(kind, moment)
    WHERE mark.moment IS NOT NULL
"""


def write(cr):
    """:return: the number of rows by table"""
    counts = dict.fromkeys(TABLES, 0)
    for statement in (ORDER_STATES, PURCHASE_STATES, TRANSFER_STATES, MOVED_PROMISES):
        cr.execute(statement)
        counts["kpi_order_journal"] += cr.rowcount
    cr.execute(HANDOVERS)
    counts["kpi_handover"] = cr.rowcount
    return counts
