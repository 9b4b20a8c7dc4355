"""What the page of the form is made of, and its words."""

import json

from markupsafe import Markup

from odoo import api, models
from odoo.tools import html_sanitize
from odoo.tools.misc import format_date

BUNDLE = "kpi_internal_survey.assets_form"
PAGE = "/kpi/survey"


class KpiSurveyCampaign(models.Model):
    _inherit = "kpi.survey.campaign"

    @api.model
    def _find_by_token(self, token):
        """:return: the campaign of an address, or none"""
        if not isinstance(token, str) or not token.isascii() or "\0" in token:
            return self.browse()
        return self.search([("access_token", "=", token)])

    def _form_path(self):
        self.ensure_one()
        return f"{PAGE}/{self.access_token}"

    def _form_language(self, wanted):
        """:param wanted: codes like ``ru_RU``, ``ru-RU``, ``ru``, the best first
        :return: the code of an installed language
        """
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        near = {code.split("_")[0]: code for code in reversed(installed)}
        own = self.user_id.lang or self.company_id.partner_id.lang or ""
        for asked in [*wanted, own]:
            code = asked.replace("-", "_")
            if code in installed:
                return code
            if code.split("_")[0] in near:
                return near[code.split("_")[0]]
        return installed[0]

    def _form_page(self, template):
        """:return: one of the pages, in the language of the context"""
        self.ensure_one()
        assets = self.env["ir.qweb"]._get_asset_links(BUNDLE)
        opening = html_sanitize(
            self.opening_text or "", strip_style=True, strip_classes=True
        )
        return self.env["ir.qweb"]._render(
            f"kpi_internal_survey.{template}",
            {
                "campaign": self,
                "company": self.company_id.name,
                "contact": self.user_id.name,
                "date_to": format_date(self.env, self.date_to, date_format="long"),
                "code": self.env.lang,
                "html_lang": self.env.lang.replace("_", "-"),
                "languages": self._form_languages(),
                "path": self._form_path(),
                "opening": opening,
                "styles": [link for link in assets if link.endswith(".css")],
                "scripts": [link for link in assets if link.endswith(".js")],
                "page": self._form_page_data(),
            },
        )

    def _form_languages(self):
        """:return: ``[(code, short name, name)]``; none where there is no choice"""
        installed = self.env["res.lang"].get_installed()
        if len(installed) < 2:
            return []
        shortened = [code.split("_")[0] for code, _name in installed]
        is_short = len(set(shortened)) == len(shortened)
        return [
            (code, short if is_short else code.replace("_", "-"), name.split(" / ")[-1])
            for (code, name), short in zip(installed, shortened, strict=True)
        ]

    def _form_page_data(self):
        data = {
            "path": self._form_path(),
            "token": self.access_token,
            "lang": self.env.lang,
            "languages": [code for code, _name in self.env["res.lang"].get_installed()],
            "name": self.name,
            "minimum": self.minimum,
            "privacy": f"{self._form_path()}/privacy?lang={self.env.lang}",
            "words": self._form_words(),
        }
        # Inside of a script element nothing may look like a tag.
        return Markup(json.dumps(data).replace("<", "\\u003c"))

    @api.model
    def _form_words(self):
        """In the language of the context; ``{}`` or a name is a value's place."""
        return {
            # Steps
            "step": self.env._("Step {number} of {total}"),
            "step_welcome": self.env._("Welcome"),
            "step_own": self.env._("Your own unit"),
            "step_units": self.env._("Units you work with"),
            "step_votes": self.env._("Best colleagues"),
            "step_review": self.env._("Look through and send"),
            "steps": self.env._("To other steps"),
            "progress": self.env._("How far you are"),
            "back": self.env._("Back"),
            "next": self.env._("Next"),
            "begin": self.env._("Begin"),
            "go_on": self.env._("Go on"),
            "saved": self.env._("Kept on this device"),
            "unsafe": self.env._(
                "This browser keeps nothing: do not close the page before you have "
                "sent your answers."
            ),
            "test": self.env._(
                "This is a test run: what you send is checked and thrown away."
            ),
            "unreachable": self.env._(
                "The server cannot be reached. Look at your connection and try again."
            ),
            "forgotten": self.env._("Nothing of yours is kept on this device now."),
            # Welcome
            "anonymity": self.env._("Nobody learns what you answered"),
            "anonymity_1": self.env._(
                "The server knows your unit, not you. Who answered is written nowhere."
            ),
            "anonymity_2": self.env._(
                "Answers are sealed when they arrive, opened all at once after the "
                "end, added up, and destroyed."
            ),
            "anonymity_3": self.env._(
                "A figure is shown only with at least {} people behind it."
            ),
            "anonymity_4": self.env._(
                "Comments are shown word for word, without your unit and your marks."
            ),
            "privacy": self.env._("What is stored, and what nobody can see"),
            "answer_for": self.env._("You answer as somebody of"),
            "kept_here": self.env._("Your answers up to now are kept on this device."),
            "code": self.env._("Your code"),
            "code_hint": self.env._(
                "16 letters and digits from your invitation or slip; capitals and "
                "dashes do not matter."
            ),
            "open": self.env._("Open the form"),
            # Marks
            "scale": self.env._("What the marks mean"),
            "cannot_say": self.env._("Cannot say"),
            "marked": self.env._("Marked: {number} of {total}"),
            "marks_given": self.env._("Marks given: {}"),
            "comment": self.env._("Comment"),
            "comment_hint": self.env._(
                "It is read word for word. Write what happened, not who you are."
            ),
            "extreme": self.env._(
                "What is behind your mark for {}? A few words help to keep or to mend "
                "it."
            ),
            "extreme_needed": self.env._(
                "Please explain your mark for {}: extreme marks need a comment."
            ),
            "comment_needed": self.env._("A comment on the extreme marks is missing"),
            "comment_alone": self.env._("Give at least one mark with the comment"),
            # Units
            "own_title": self.env._("Your own unit: {}"),
            "own_lead": self.env._(
                "How well does your unit serve the others? Leave out what you cannot "
                "say. This is shown apart from what others say."
            ),
            "units_title": self.env._("Which units do you work with?"),
            "units_lead": self.env._(
                "Choose a unit and rate how it served you. Rate only those you know."
            ),
            "units_rated": self.env._("Rated by you: {}"),
            "unit_lead": self.env._(
                "How did this unit serve you? Leave out what you cannot say."
            ),
            "search_unit": self.env._("Search for a unit"),
            "found": self.env._("Found: {}"),
            "found_more": self.env._(
                "The first {number} of {total}: type more letters"
            ),
            "rate": self.env._("Rate"),
            "remove_marks": self.env._("Remove my marks"),
            "to_list": self.env._("Done, to the list"),
            # Votes
            "votes_title": self.env._("Who serves colleagues best?"),
            "votes_lead": self.env._(
                "You may name up to {} colleagues who are an example to others. You "
                "may also name nobody."
            ),
            "votes_chosen": self.env._("Named by you"),
            "votes_none": self.env._("Nobody"),
            "votes_left": self.env._("Type a name or a unit. Votes left: {}"),
            "votes_full": self.env._(
                "You have named {} colleagues, no more are possible."
            ),
            "search_colleague": self.env._("Search for a colleague"),
            "remove": self.env._("Remove"),
            "remove_colleague": self.env._("Remove {}"),
            # Review
            "review_title": self.env._("Look through and send"),
            "review_lead": self.env._(
                "After sending nobody can change anything, not even you."
            ),
            "nothing": self.env._("You have not given a mark yet."),
            "own": self.env._("own unit"),
            "change": self.env._("Edit"),
            "change_unit": self.env._("Change the marks of {}"),
            "change_votes": self.env._("Change whom you named"),
            "send": self.env._("Send"),
            "sending": self.env._("Sending…"),
            "not_sent": self.env._("Not sent yet"),
            "not_sent_hint": self.env._(
                "The server cannot be reached. Your answers are kept on this device, "
                "and sent as soon as there is a connection while this page is open."
            ),
            "try_again": self.env._("Try again"),
            # The end
            "thanks": self.env._("Thank you!"),
            "thanks_hint": self.env._(
                "Your answer is counted. It is deleted from this device; you may close "
                "the page."
            ),
            "counted": self.env._("This code was used already"),
            "counted_hint": self.env._(
                "The answer is counted, thank you. Each code counts once."
            ),
            "tested": self.env._("The form works"),
            "tested_hint": self.env._(
                "Your test answer was checked and thrown away, as it should be."
            ),
            "over": self.env._("The survey is over"),
            "over_hint": self.env._(
                "No answers are taken any more. Thank you for your interest."
            ),
            "soon": self.env._("The survey has not started yet"),
            "soon_hint": self.env._(
                "Come back when you have received your invitation."
            ),
        }
