from odoo.exceptions import UserError


class BusyError(UserError):
    """Somebody else holds the record; the same call may go through later."""


class SourceError(UserError):
    """An indicator cannot be measured.

    :param message: what is wrong, in the user's language, naming the records
    :param hint: a key of ``kpi.indicator.error_hint``: what to do about it
    """

    def __init__(self, message, hint="data"):
        super().__init__(message)
        self.hint = hint
