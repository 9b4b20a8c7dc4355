from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from ..tools.staffing import HourFigures, thin_stretches
from .kpi_feedback_board import ACTION_PLACES, INDEXES, PLACES
from .kpi_reader import Fact


class KpiFeedbackBoard(models.AbstractModel):
    """What the figures mean, in words, and the button for the next step."""

    _inherit = "kpi.feedback.board"

    @api.model
    def _diagnose_figures(self, filters, figures):
        """Name the bottleneck; see ``kpi.feedback.diagnosis``.

        :return: ``cause``, ``text``, the ``code`` of the index that is measured again,
            and ``steps``: ``{key, label}``
        """
        advisor = self.env["kpi.feedback.diagnosis"]
        diagnosis = advisor._diagnose(
            self.env.company,
            {
                code: Fact(
                    figure["value"],
                    too_few=figure["value"] is not None and figure["margin"] is None,
                )
                for code, figure in figures.items()
            },
            self._get_site(filters),
            filters.stretch.date_to,
        )
        return {
            "cause": diagnosis.cause,
            "text": advisor._cause_text(diagnosis),
            "code": diagnosis.index or False,
            "steps": [
                {"key": key, "label": label} for key, label in advisor._steps(diagnosis)
            ],
        }

    @api.model
    def _get_site(self, filters):
        """Whose reference values hold: of the place chosen, however narrow."""
        # sudo: a lead may look at figures of places without rights on all of HR
        point = self.env["kpi.feedback.point"].sudo().browse(filters.point_id or ())
        department = (
            self.env["hr.department"].sudo().browse(filters.department_id or ())
        )
        site = self.env["kpi.site"].browse(filters.site_id or ())
        site |= point.exists().site_id.sudo(False)
        site |= department.exists().kpi_site_id.sudo(False)
        return site.exists()[:1]

    @api.model
    def _read_references(self, filters, indicators):
        """:return: ``{source: what is usual there}``"""
        references = self.env["kpi.reference"]._values_for(
            self.env.company, self._get_site(filters), filters.stretch.date_to
        )
        return {
            source: references.get(indicator.code)
            for source, indicator in indicators.items()
        }

    @api.model
    def _describe_hours(self, facts):
        """Visitor coverage by local hour, and where sellers are too few."""
        hours = [
            HourFigures(hour, cases.total, cases.count, facts.hour_days[hour])
            for hour, sums in sorted(
                facts.hours.items(), key=lambda item: -1 if item[0] is None else item[0]
            )
            if hour is not None and (cases := sums.get("visitor_coverage"))
        ]
        stretches = thin_stretches(hours)
        return {
            "rows": [
                {
                    "hour": figures.hour,
                    "attempts": figures.attempts,
                    "visits": figures.visits,
                    "value": 100 * figures.attempts / figures.visits
                    if figures.visits
                    else None,
                    "thin": any(
                        thin.hour_from <= figures.hour < thin.hour_to
                        for thin in stretches
                    ),
                }
                for figures in hours
            ],
            "thin": [
                self.env._(
                    "Too few sellers from %(hour_from)s to %(hour_to)s: they turn to "
                    "%(coverage)s of the visitors.",
                    hour_from=thin.hour_from,
                    hour_to=thin.hour_to,
                    coverage=f"{formatLang(self.env, 100 * thin.coverage, digits=0)} %",
                )
                for thin in stretches
            ],
        }

    # ------------------------------------------------------------------ steps
    @api.model
    def action_next_step(self, filters, step, figure):
        """Begin what the diagnosis proposes.

        :param str step: a key of its steps
        :param dict figure: ``code`` of the index, and ``place`` with ``id`` of a row
        :return: a window action
        """
        self._check_role()
        filters = self._clean_filters(filters)
        if step == "survey":
            return self._action_survey(filters)
        if step == "mystery_shopper":
            return self._action_improve(
                filters,
                figure,
                kind="review",
                name=self.env._("Mystery shopper"),
                plan=self.env._(
                    "A mystery shopper visits, goes through the standards of service, "
                    "and writes down what was not kept. Afterwards: training, then "
                    "the same index again."
                ),
            )
        return self._action_improve(filters, figure)

    @api.model
    def _action_improve(self, filters, figure, **defaults):
        """A new improvement action about an index here and on these days."""
        code = figure.get("code") or "force_majeure_share"
        indicator = self._figure_indicator({"code": code})
        places = {name: getattr(filters, name) for name in ACTION_PLACES}
        point_id = filters.point_id
        if figure.get("place") == "point_id":
            point_id = figure.get("id")
        elif figure.get("place") in PLACES:
            places[figure["place"]] = figure.get("id")
        if point_id:
            point = self.env["kpi.feedback.point"].browse(point_id).exists()
            places["site_id"] = point.site_id.id
            places["department_id"] = point.department_id.id
        values = {
            "indicator_id": indicator.id,
            "company_id": self.env.company.id,
            "origin_date_from": fields.Date.to_string(filters.stretch.date_from),
            "origin_date_to": fields.Date.to_string(filters.stretch.date_to),
            **{name: record_id for name, record_id in places.items() if record_id},
            **defaults,
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Improve"),
            "res_model": "kpi.improvement",
            "views": [(False, "form")],
            "target": "current",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    @api.model
    def _action_survey(self, filters):
        if not self.env["survey.survey"].has_access("read"):
            raise UserError(
                self.env._(
                    "Inviting customers to an online survey needs the rights of the "
                    "Surveys app: ask your administrator for them, or the marketing "
                    "to do it."
                )
            )
        polls = self._search_unhappy(filters)
        if not polls.partner_id.filtered("email"):
            raise UserError(
                self.env._(
                    "None of the %(count)s dissatisfied answers of these days belongs "
                    "to a customer with an e-mail address. Polls know their customer "
                    "where they are started by an order or a till receipt.",
                    count=len(polls),
                )
            )
        invitation = self.env["kpi.feedback.invitation"].create(
            {
                "partner_ids": polls.partner_id.filtered("email").ids,
                "answer_count": len(polls),
                "anonymous_count": len(
                    polls.filtered(lambda poll: not poll.partner_id.email)
                ),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Survey of the unhappy"),
            "res_model": invitation._name,
            "res_id": invitation.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _search_unhappy(self, filters):
        """The polls behind the figures that were answered with No."""
        indicators = {
            code: indicator
            for code, indicator in self._get_indicators().items()
            if code in INDEXES
        }
        self.env.flush_all()
        polls = self.env["kpi.feedback.poll"]
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT poll_id FROM (%s) AS fact WHERE answer = 'no'",
                self._poll_rows(filters, indicators),
            )
        )
        return polls.browse(poll_id for [poll_id] in rows)

    # -------------------------------------------------------------- improvements
