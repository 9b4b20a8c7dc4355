"""What uninstalling leaves in a database, compared with one that never had us."""

from . import postgres

# each query gives one text per thing; a thing in the second database only is left over
QUERIES = {
    "table, view or sequence": """
        SELECT c.relkind::text || ' ' || c.relname
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'S', 'p')""",
    "column": """
        SELECT table_name || '.' || column_name
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "index": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "function": """
        SELECT p.proname
          FROM pg_proc p
          JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')""",
    "trigger": """
        SELECT t.tgrelid::regclass::text || ' ' || t.tgname
          FROM pg_trigger t WHERE NOT t.tgisinternal""",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "selection": """
        SELECT f.model || '.' || f.name || ' = ' || s.value
          FROM ir_model_fields_selection s
          JOIN ir_model_fields f ON f.id = s.field_id""",
    "scheduled action": """
        SELECT s.name->>'en_US'
          FROM ir_cron c
          JOIN ir_act_server s ON s.id = c.ir_actions_server_id""",
    "system parameter": "SELECT key FROM ir_config_parameter",
    "attachment": """
        SELECT DISTINCT res_model FROM ir_attachment WHERE res_model LIKE 'kpi%'""",
    "external id": """
        SELECT module || '.' || name
          FROM ir_model_data WHERE module LIKE 'kpi%'""",
}


def _things(database: str, query: str) -> set[str]:
    return set(postgres.psql(query, database).split("\n")) - {""}


def find(base: str, after: str) -> list[str]:
    """:return: one text per thing that ``after`` has and ``base`` has not."""
    left = []
    for kind, query in QUERIES.items():
        extra = _things(after, query) - _things(base, query)
        left += [f"left after uninstalling: {kind} {thing}" for thing in sorted(extra)]
    return left
