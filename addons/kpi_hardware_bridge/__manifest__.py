{
    "name": "KPI & Service Quality: Consoles",
    "summary": "Consoles, tablets, door counters, IoT Boxes: no press is lost",
    "version": "19.0.1.0.0",
    "category": "Human Resources/KPI",
    "author": "KPI & Service Quality team",
    "license": "LGPL-3",
    "depends": ["kpi_quality", "bus"],
    "data": [
        "security/ir.model.access.csv",
        "security/kpi_console_rules.xml",
        "views/kpi_console_reject_views.xml",
        "views/kpi_console_views.xml",
        "wizard/kpi_device_key_views.xml",
        "views/kpi_iot_box_views.xml",
        "views/kpi_hardware_bridge_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["kpi_hardware_bridge/static/src/iot_box/**/*"],
        "web.assets_tests": ["kpi_hardware_bridge/static/tests/tours/**/*"],
    },
}
