import json

from odoo.http import Controller, request, route

from ..models.kpi_survey_campaign_page import PAGE
from ..models.kpi_survey_campaign_submission import Refused

LINK = f"{PAGE}/<string:token>"
MOST_CODE_BYTES = 1024
# 120 units, each with its marks and a comment of full length.
MOST_ANSWER_BYTES = 1024 * 1024
STATUS = {"code": 404, "over": 410, "soon": 409}


class SurveyController(Controller):
    """The form of a campaign. Nothing of the visitor's session is looked at.

    The token in the address says which campaign; who somebody is, or rather of which
    unit, says the code, which comes in a body: addresses stay in logs.
    """

    # --------------------------------------------------------------------- pages
    @route(
        LINK,
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def survey(self, token, lang=None, **_query):
        return self._page(self._campaign(token, lang), "survey_form")

    @route(
        f"{LINK}/privacy",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def survey_privacy(self, token, lang=None, **_query):
        """What is stored, what nobody can see, and who could do what."""
        return self._page(self._campaign(token, lang), "survey_privacy")

    # ---------------------------------------------------------------------- data
    @route(
        f"{LINK}/ballot",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=True,
        max_content_length=MOST_CODE_BYTES,
    )
    def survey_ballot(self, token, **_query):
        """``{"code", "lang"}`` -> what the form needs for the owner of the code."""
        return self._answer(token, lambda campaign, body: campaign._form(body["code"]))

    @route(
        f"{LINK}/submit",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MOST_ANSWER_BYTES,
    )
    def survey_submit(self, token, **_query):
        """``{"code", "lang", "ratings", "votes"}`` -> whether it is counted."""
        return self._answer(
            token, lambda campaign, body: campaign._submit(body["code"], body)
        )

    # ------------------------------------------------------------------- helpers
    def _campaign(self, token, lang):
        """:return: the campaign in the language of the form, sudo: the token shows it

        :raise werkzeug.exceptions.NotFound: there is none with this token
        """
        campaigns_sudo = request.env["kpi.survey.campaign"].sudo()
        campaign_sudo = campaigns_sudo._find_by_token(token)
        if not campaign_sudo:
            raise self._unknown()
        wanted = [lang] if isinstance(lang, str) else []
        wanted += request.httprequest.accept_languages.values()
        return campaign_sudo.with_context(
            lang=campaign_sudo._form_language(wanted),
            allowed_company_ids=campaign_sudo.company_id.ids,
        )

    def _unknown(self):
        """As if there was no such route: the page of any unknown address."""
        if "\0" not in request.httprequest.path:  # Odoo's page would fail on it
            request.is_frontend = request.is_frontend_multilang = True
            request.lang = request.env["ir.http"]._get_default_lang()
        return request.not_found()

    def _answer(self, token, work):
        """Do what the owner of a code asks for; who says who he is, is refused."""
        try:
            body = request.get_json_data()
        except (ValueError, RecursionError):
            body = None
        body = body if isinstance(body, dict) else {}
        campaign = self._campaign(token, body.get("lang"))
        try:
            # Odoo notes who came from where in the transaction of the request.
            if "session_id" in request.httprequest.cookies:
                raise campaign._refused("cookie")
            if not isinstance(body.get("code"), str):
                raise campaign._refused("unreadable")
            return self._json(work(campaign, body))
        except Refused as refusal:
            data = {"error": refusal.reason, "message": str(refusal)}
            return self._json(data, STATUS.get(refusal.reason, 400))

    def _json(self, data, status=200):
        answer = request.make_response(
            json.dumps(data), [("Content-Type", "application/json")], status=status
        )
        return self._protect(answer)

    def _page(self, campaign, template):
        page = campaign._form_page(template)
        answer = request.make_response(
            str(page), [("Content-Type", "text/html; charset=utf-8")]
        )
        answer.headers["Content-Language"] = campaign.env.lang.replace("_", "-")
        answer.headers["Vary"] = "Accept-Language"
        return self._protect(answer)

    def _protect(self, answer):
        """Nothing of others runs in the page, and nothing of it stays on the way."""
        answer.headers.update(
            {
                "Cache-Control": "no-store",
                "Content-Security-Policy": (
                    "default-src 'none'; script-src 'self'; style-src 'self'; "
                    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
                    "form-action 'none'; frame-ancestors 'none'"
                ),
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Permissions-Policy": (
                    "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
                ),
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
                "X-Robots-Tag": "noindex, nofollow",
            }
        )
        return answer
