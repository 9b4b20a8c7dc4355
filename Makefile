# Development commands. Everything is done by config/kpi (Python, standard library only);
# this file names the commands. `make` lists them, the README explains them.

PYTHON ?= $(or $(KPI_PYTHON),python3)
KPI := $(PYTHON) -B config/kpi

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-new test test-one test-odoo lint bench i18n i18n-check odoo sh stop clean-db clean-cache lock

help: ## list the commands
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 13

setup: ## get Odoo, PostgreSQL, the Python environment and Chromium (cached)
	@$(KPI) setup

demo: ## serve the demo company on http://localhost:8069 (KPI_PORT changes it)
	@$(KPI) demo

demo-new: ## the same with a new demo database
	@$(KPI) demo new

test: ## every check; ARGS="pure addons" runs some steps only
	@$(KPI) test $(ARGS)

test-one: ## one test quickly, e.g. ARGS="addons/kpi_quality/tests/test_x.py -k name"
	@$(KPI) test-one $(ARGS)

test-odoo: ## Odoo's own tests without and with our add-ons; ARGS="stock" some only
	@$(KPI) test-odoo $(ARGS)

lint: ## pre-commit hooks and Odoo's test_lint (ARGS=hooks: the hooks only)
	@$(KPI) lint $(ARGS)

bench: ## measure the engine on generated data
	@$(KPI) bench $(ARGS)

i18n: ## new terms into the .pot and ru.po files
	@$(KPI) i18n

i18n-check: ## fail when terms or translations are missing
	@$(KPI) i18n check

odoo: ## Odoo's own command line, e.g. ARGS="shell -d kpi_demo --no-http"
	@$(KPI) odoo $(ARGS)

sh: ## any command in the environment, e.g. ARGS="psql kpi_test"
	@$(KPI) sh $(ARGS)

stop: ## stop the embedded PostgreSQL of this checkout
	@$(KPI) stop

clean-db: ## remove all databases of this checkout
	@$(KPI) clean-db

clean-cache: ## remove what older lock files left in the cache
	@$(KPI) clean-cache

lock: ## newest versions into the lock files
	@$(KPI) lock
