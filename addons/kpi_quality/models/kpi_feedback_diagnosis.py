from odoo import api, models

from ..tools.diagnosis import Index, diagnose
from ..tools.satisfaction import QUESTIONS


class KpiFeedbackDiagnosis(models.AbstractModel):
    """What customers are dissatisfied with, in words, and what to do next."""

    _name = "kpi.feedback.diagnosis"
    _description = "Diagnosis of Customer Feedback"

    @api.model
    def _diagnose(self, company, facts, site=None, day=None, limit=None):
        """
        :param facts: ``{code: Fact}`` of the three indexes and, where known, of
            ``force_majeure_share``
        :param site: gives the reference values of its kind and region
        :param day: whose reference values; those of today without
        :param limit: of the level of force majeure, percent; the company's without
        :rtype: odoo.addons.kpi_quality.tools.diagnosis.Diagnosis
        """
        references = self.env["kpi.reference"]._values_for(company, site, day)
        level = facts.get("force_majeure_share")
        return diagnose(
            *(
                Index(
                    facts[code].value if code in facts else None,
                    references.get(code),
                    code in facts and facts[code].too_few,
                )
                for code in QUESTIONS
            ),
            tolerance=company.kpi_diagnosis_tolerance,
            force_majeure=level.value if level else None,
            force_majeure_limit=company.kpi_force_majeure_level
            if limit is None
            else limit,
        )

    @api.model
    def _cause_text(self, diagnosis):
        """One sentence about what was found."""
        return {
            "staff": self.env._("Customers are dissatisfied with the staff."),
            "office": self.env._(
                "The bottleneck is how the office and its processes are organised."
            ),
            "product": self.env._(
                "Staff and office are fine: products or prices are the likely cause."
            ),
            "none": self.env._("Nothing stands out: no figure is worse than usual."),
            "force_majeure": self.env._(
                "There is too much force majeure to judge the service: "
                "fix the causes first."
            ),
            "unknown": self._missing_text(diagnosis),
        }[diagnosis.cause]

    @api.model
    def _missing_text(self, diagnosis):
        words = {
            "no_data": self.env._("no data"),
            "too_few": self.env._("too few polls to say"),
            "no_reference": self.env._("no reference value to compare with"),
        }
        names = dict(
            self.env["kpi.indicator"]._fields["source"]._description_selection(self.env)
        )
        return self.env._(
            "No diagnosis yet. %(missing)s",
            missing="; ".join(
                f"{names[index]}: {words[why]}" for index, why in diagnosis.missing
            ),
        )

    @api.model
    def _steps(self, diagnosis):
        """:return: ``[(key, words), ...]``, the next step first"""
        names = {
            "fix_causes": self.env._("Fix the causes of the force majeure"),
            "mystery_shopper": self.env._("Send a mystery shopper"),
            "survey": self.env._("Ask the dissatisfied customers online"),
            "improvement": self.env._("Plan an improvement action"),
            "measure_again": self.env._("Measure the same index again"),
            "collect": self.env._("Collect what is missing"),
        }
        return [(step, names[step]) for step in diagnosis.steps]
