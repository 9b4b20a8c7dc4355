from odoo import models


class KpiSurveyKey(models.AbstractModel):
    """The key of a campaign: a file beside the database, never a row in it.

    From it come the codes of the ballots and the pair of keys that seals what was
    answered. Who reads the whole database can open nothing; when the boxes are
    counted, the file is gone.
    """

    _name = "kpi.survey.key"
    _description = "Key of a Survey Campaign"
