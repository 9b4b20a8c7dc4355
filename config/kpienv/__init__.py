"""Development environment of the KPI add-ons.

Everything before the virtual environment exists uses the standard library only
(Python 3.10 to 3.13). One module per concern; ``cli`` is what the Makefile calls.
"""
