"""The formulas of the project as plain functions.

Nothing here knows Odoo: the standard library only, and everything a formula needs,
the present moment included, comes in as a parameter. Percent values are on a 0-100
scale, durations in hours; nothing is rounded except in :mod:`money`.
"""
