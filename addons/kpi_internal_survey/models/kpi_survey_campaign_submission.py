import json
import secrets

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq

from ..tools import answer
from ..tools.codes import code_hash, plain

BEFORE_START = ("draft", "agreed")


class Refused(UserError):
    """Words for whoever fills in the form.

    :ivar reason: a key for the page
    """

    def __init__(self, reason, words):
        super().__init__(words)
        self.reason = reason


class KpiSurveyCampaign(models.Model):
    """How an answer comes in: once, sealed, and without its author."""

    _inherit = "kpi.survey.campaign"

    access_token = fields.Char(default=lambda self: secrets.token_urlsafe(16))
    test_count = fields.Integer(
        string="Test answers",
        readonly=True,
        copy=False,
        help="Forms sent in test runs: checked, and thrown away.",
    )

    _access_token_unique = models.UniqueIndex("(access_token)")

    # ------------------------------------------------------------------- whose
    def _admit(self, code):
        """Whom a code lets in.

        :return: ``(unit, ballot)``; no ballot in a test run
        :raise Refused: the code is unknown, or it is not the time
        """
        self.ensure_one()
        if self.state in BEFORE_START:
            test_code = self.env["kpi.survey.key"]._test_code(self)
            if self.unit_ids and consteq(plain(code) or "", plain(test_code)):
                units = self.unit_ids.filtered(lambda unit: unit.kind == "head_office")
                return (units or self.unit_ids)[0], self.env["kpi.survey.ballot"]
            raise self._refused("soon")
        if self.state != "running":
            raise self._refused("over")
        digest = code_hash(self.access_token, code)
        ballots_sudo = self.env["kpi.survey.ballot"].sudo()  # whoever has the code
        ballot = digest and ballots_sudo.search(
            [("campaign_id", "=", self.id), ("code_hash", "=", digest)]
        )
        if not ballot:
            raise self._refused("code")
        return ballot.unit_id, ballot

    # -------------------------------------------------------------- submission
    def _submit(self, code, data):
        """Count an answer, once.

        :param data: the clear ballot as the form sends it, whatever it is
        :return: ``{"state": "counted" or "tested", "is_new": …}``; an answer that is
            counted already is not new, and that is no error: the first time the
            client did not hear of it
        :raise Refused: with words
        """
        unit, ballot = self._admit(code)
        if ballot.is_submitted:
            return {"state": "counted", "is_new": False}
        try:
            clear = answer.read(data, self._answer_rules(unit))
        except answer.Unacceptable as problem:
            raise self._refused(problem.reason, **problem.values) from problem
        if not ballot:
            return self._throw_away()
        return {"state": "counted", "is_new": self._store(ballot, clear)}

    def _throw_away(self):
        """The answer of a test run: that it came is all that is kept."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE kpi_survey_campaign
                SET test_count = COALESCE(test_count, 0) + 1
                WHERE id = %s
                """,
                self.id,
            )
        )
        self.invalidate_recordset(["test_count"])
        return {"state": "tested", "is_new": True}

    def _store(self, ballot, clear):
        """Mark the ballot and keep the box, both or neither.

        No statement here is written to the log when it fails: the retry of a request
        tells less than its parameters.

        :return: whether the ballot was unused
        """
        data = json.dumps(clear, ensure_ascii=False, separators=(",", ":")).encode()
        box = self.env["kpi.survey.key"]._seal(self, data)
        cr = self.env.cr
        # It stays open until this is committed: whoever closes it waits, and who read
        # that it is open while it was being closed is told to begin anew.
        cr.execute(
            SQL("SELECT id FROM kpi_survey_campaign WHERE id = %s FOR SHARE", self.id),
            log_exceptions=False,
        )
        cr.execute(
            SQL(
                """
                UPDATE kpi_survey_ballot
                SET is_submitted = TRUE
                WHERE id = %s
                    AND is_submitted IS NOT TRUE
                RETURNING id
                """,
                ballot.id,
            ),
            log_exceptions=False,
        )
        if not cr.rowcount:
            return False
        cr.execute(
            SQL(
                "INSERT INTO kpi_survey_sealed (campaign_id, box) VALUES (%s, %s)",
                self.id,
                box,
            ),
            log_exceptions=False,
        )
        ballot.invalidate_recordset(["is_submitted"])
        return True

    def _answer_rules(self, unit):
        return answer.Rules(
            unit=unit.id,
            units=frozenset(self._rated_units(unit).ids),
            criteria=frozenset(self.group_ids.criterion_ids.ids),
            colleagues=frozenset(self._form_colleague_ids(unit)),
            votes=self.vote_count,
            low=self.low_limit,
            high=self.high_limit,
            needs_comment=self.comment_rule == "required",
        )

    # ------------------------------------------------------------------- words
    def _refused(self, reason, unit=None):
        unit = self.env["kpi.survey.unit"].browse(unit).sudo().name  # asked about it
        return Refused(reason, self._refusal_words(unit)[reason])

    def _refusal_words(self, unit):
        """:return: ``{reason: words}`` for whoever fills in the form"""
        reload = self.env._("The form has changed: load the page anew and try again.")
        return {
            "code": self.env._(
                "This code is not known. Compare it with the one in your invitation."
            ),
            "soon": self.env._("The survey has not started yet."),
            "over": self.env._("The survey is over: no answers are taken any more."),
            "cookie": self.env._(
                "This browser sent along who is logged in. To keep you anonymous the "
                "server did not take the answer: load the page anew and try again."
            ),
            "unreadable": reload,
            "unit": reload,
            "unit_twice": reload,
            "criterion": reload,
            "mark": self.env._("Marks are whole numbers from 1 to 10."),
            "empty": self.env._("Give at least one mark."),
            "comment_alone": self.env._(
                "%(unit)s: give at least one mark with your comment.", unit=unit
            ),
            "comment_missing": self.env._(
                "%(unit)s: explain your extreme marks in a few words.", unit=unit
            ),
            "comment_long": self.env._(
                "%(unit)s: the comment is too long, %(most)s characters fit.",
                unit=unit,
                most=answer.MOST_COMMENT,
            ),
            "votes": self.env._(
                "You may name %(most)s colleagues at most.", most=self.vote_count
            ),
            "vote_twice": self.env._("Name each colleague once."),
            "vote": self.env._(
                "One of the colleagues you named cannot be voted for: choose again."
            ),
        }
