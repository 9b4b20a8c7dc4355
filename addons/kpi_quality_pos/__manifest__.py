{
    "name": "KPI & Service Quality: Point of Sale",
    "summary": "Till receipts and refunds count in the figures of the sales process",
    "version": "19.0.1.0.0",
    "category": "Human Resources/KPI",
    "author": "KPI & Service Quality team",
    "license": "LGPL-3",
    "depends": ["kpi_quality", "point_of_sale"],
    "auto_install": True,
    "data": ["views/res_config_settings_views.xml"],
}
