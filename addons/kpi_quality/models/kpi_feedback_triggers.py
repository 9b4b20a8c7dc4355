"""What PostgreSQL does about presses: it keeps them, and notes what to derive.

The tables that the derivation works with are not for the ORM: ids of presses not
derived yet, and whose turn it is to derive a point.
"""

from odoo.tools import SQL

TABLES = (
    SQL(
        """
        CREATE TABLE IF NOT EXISTS kpi_feedback_pending (
            point_id int4 NOT NULL,
            event_id int4 NOT NULL,
            PRIMARY KEY (point_id, event_id)
        )
        """
    ),
    SQL(
        """
        CREATE TABLE IF NOT EXISTS kpi_feedback_turn (
            point_id int4 PRIMARY KEY,
            turns int8 NOT NULL DEFAULT 0
        )
        """
    ),
)

# Also what is inserted by SQL is derived.
PENDING = SQL(
    """
    CREATE OR REPLACE FUNCTION kpi_feedback_pending() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO kpi_feedback_pending (point_id, event_id)
        SELECT point_id, id
        FROM arrived;
        RETURN NULL;
    END
    $$
    """
)
TURN = SQL(
    """
    CREATE OR REPLACE FUNCTION kpi_feedback_turn() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO kpi_feedback_turn (point_id)
        VALUES (NEW.id)
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END
    $$
    """
)
# Odoo puts one partner in the place of another when it merges them, and a deleted
# order takes its number along; what was pressed, where and when stays as it was.
KEEP = SQL(
    """
    CREATE OR REPLACE FUNCTION kpi_feedback_keep() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - 'partner_id' - 'sale_order_id'
                    = to_jsonb(OLD) - 'partner_id' - 'sale_order_id'
                AND (NEW.partner_id IS NULL) = (OLD.partner_id IS NULL)
                AND (
                    NEW.sale_order_id IS NULL
                    OR NEW.sale_order_id = OLD.sale_order_id
                )
            THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION USING
            MESSAGE = 'A press is never changed nor deleted.',
            ERRCODE = 'restrict_violation';
    END
    $$
    """
)
TRIGGERS = (
    SQL(
        """
        CREATE TRIGGER kpi_feedback_pending AFTER INSERT ON kpi_feedback_event
        REFERENCING NEW TABLE AS arrived
        FOR EACH STATEMENT EXECUTE FUNCTION kpi_feedback_pending()
        """
    ),
    SQL(
        """
        CREATE TRIGGER kpi_feedback_keep BEFORE UPDATE OR DELETE ON kpi_feedback_event
        FOR EACH ROW EXECUTE FUNCTION kpi_feedback_keep()
        """
    ),
    SQL(
        """
        CREATE TRIGGER kpi_feedback_keep_all BEFORE TRUNCATE ON kpi_feedback_event
        FOR EACH STATEMENT EXECUTE FUNCTION kpi_feedback_keep()
        """
    ),
    SQL(
        """
        CREATE TRIGGER kpi_feedback_turn AFTER INSERT ON kpi_feedback_point
        FOR EACH ROW EXECUTE FUNCTION kpi_feedback_turn()
        """
    ),
)


def create_feedback_triggers(cr):
    """Make tables, functions and triggers: at installation and at every upgrade."""
    drop_feedback_functions(cr)
    for statement in (*TABLES, PENDING, TURN, KEEP, *TRIGGERS):
        cr.execute(statement)
    cr.execute(
        """
        INSERT INTO kpi_feedback_turn (point_id)
        SELECT id
        FROM kpi_feedback_point
        ON CONFLICT DO NOTHING
        """
    )


def drop_feedback_functions(cr):
    """And the triggers that call them."""
    for name in ("kpi_feedback_pending", "kpi_feedback_turn", "kpi_feedback_keep"):
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(name)))


def drop_feedback_triggers(cr):
    """Take all of it away: what is uninstalled must not stand in the way."""
    drop_feedback_functions(cr)
    cr.execute("DROP TABLE IF EXISTS kpi_feedback_pending, kpi_feedback_turn")
