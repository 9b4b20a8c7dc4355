{
    "name": "KPI & Service Quality: Internal Survey",
    "summary": "Departments rate each other, anonymously, and act on it",
    "version": "19.0.1.0.0",
    "category": "Human Resources/KPI",
    "author": "KPI & Service Quality team",
    "license": "LGPL-3",
    "depends": ["kpi_quality"],
    "external_dependencies": {"python": ["PyNaCl"]},
    "data": [
        "security/kpi_survey_groups.xml",
        "security/ir.model.access.csv",
        "security/kpi_survey_rules.xml",
        "views/kpi_survey_campaign_views.xml",
        "views/kpi_internal_survey_menus.xml",
    ],
}
