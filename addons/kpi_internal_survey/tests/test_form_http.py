import json
import logging
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import HttpCase, tagged

from ..controllers.survey import MOST_ANSWER_BYTES
from .form_common import FormCase
from .test_form_answer import answers, anything

ADDRESSES = ("", "/privacy")


@tagged("post_install", "-at_install")
class TestFormHttp(FormCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.path = f"/kpi/survey/{cls.campaign.access_token}"

    def get(self, address="", **more):
        return self.url_open(f"{self.path}{address}", **more)

    def post(self, address, body, **more):
        return self.url_open(
            f"{self.path}/{address}",
            data=body if isinstance(body, bytes) else json.dumps(body),
            method="POST",
            headers={"Content-Type": "application/json", **more.pop("headers", {})},
            **more,
        )

    def submit(self, unit, marks, **more):
        answer = self.answer(unit, marks, **more)
        return self.post("submit", {"code": self.code(unit), **answer})

    # -------------------------------------------------------------------- pages
    def test_pages_are_for_everybody(self):
        for address in ADDRESSES:
            answer = self.get(address)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("Cycle 1", answer.text)
            self.assertNotIn("Set-Cookie", answer.headers)
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            policy = answer.headers["Content-Security-Policy"]
            self.assertIn("default-src 'none'", policy)
            self.assertNotIn("unsafe", policy)

    def test_page_tells_nothing_of_the_company(self):
        """Units, people and criteria are for the owner of a code."""
        text = self.get().text
        for word in ("Marketing", "Finance", "Responsibility", "survey.example.com"):
            self.assertNotIn(word, text)

    def test_page_loads_what_the_policy_allows(self):
        text = self.get().text
        self.assertFalse(re.search(r"\son\w+=|style=|javascript:", text))
        for link in re.findall(r'(?:src|href)="(/web/assets[^"]+)"', text):
            self.assertEqual(self.url_open(link).status_code, 200)
        self.assertEqual(len(re.findall(r'(?:src|href)="/web/assets', text)), 2)

    def test_opening_address_brings_no_style_and_no_script(self):
        self.campaign.opening_text = (
            '<p style="color: red" class="o_x" onclick="x()">Welcome'
            "<script>alert(1)</script></p>"
        )
        text = self.get().text
        self.assertIn("<p>Welcome", text)
        self.assertNotIn("alert", text)
        self.assertNotIn("color: red", text)

    def test_language(self):
        for asked, header, expected in (
            ("ru_RU", "en", "ru-RU"),
            ("ru", "en", "ru-RU"),
            ("en_US", "ru", "en-US"),
            (None, "ru-RU,ru;q=0.9", "ru-RU"),
            (None, "de, ru;q=0.5, en;q=0.1", "ru-RU"),
            (None, "de", "en-US"),
            ("xx", "", "en-US"),
            ("\0", "de", "en-US"),
        ):
            with self.subTest(asked=asked, header=header):
                answer = self.get(
                    params={"lang": asked}, headers={"Accept-Language": header}
                )
                self.assertEqual(answer.headers["Content-Language"], expected)
                self.assertIn(f'<html lang="{expected}"', answer.text)

    def test_visitor_is_not_looked_at(self):
        """The page of somebody logged in is everybody's, in the browser's language."""
        self.outsider.lang = "ru_RU"
        strangers = self.get(headers={"Accept-Language": "en"}).text
        self.authenticate(self.outsider.login, self.outsider.login)
        self.assertEqual(self.get(headers={"Accept-Language": "en"}).text, strangers)

    def test_unknown_token(self):
        for token in ("x", "0" * 22, "%00", "%D0%96", "a%00b", "x" * 4000):
            for address in (*ADDRESSES, "/ballot", "/submit"):
                link = f"/kpi/survey/{token}{address}"
                post = address in ("/ballot", "/submit")
                answer = self.url_open(link, data="{}" if post else None)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn("Traceback", answer.text)

    # ----------------------------------------------------------------- the code
    def test_form_of_a_code(self):
        answer = self.post("ballot", {"code": self.code(self.north)})
        self.assertEqual(answer.status_code, 200)
        form = answer.json()
        self.assertEqual(form["unit"]["name"], "North")
        self.assertEqual(len(form["units"]), 6)
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_unknown_code_in_the_language_of_the_form(self):
        for lang in ("en_US", "ru_RU"):
            campaign = self.campaign.with_context(lang=lang)
            answer = self.post("ballot", {"code": "0" * 16, "lang": lang})
            self.assertEqual(answer.status_code, 404)
            self.assertEqual(
                answer.json(),
                {"error": "code", "message": str(campaign._refused("code"))},
            )

    def test_state_is_told(self):
        code = self.code(self.hr)
        for state, status in (("draft", 409), ("closed", 410), ("published", 410)):
            self._set_state(self.campaign, state)
            for address in ("ballot", "submit"):
                answer = self.post(address, {"code": code})
                self.assertEqual(answer.status_code, status)
                self.assertTrue(answer.json()["message"])

    # --------------------------------------------------------------- submission
    def test_submitted_once(self):
        first = self.submit(self.hr, {self.it: 7})
        self.assertEqual(first.json(), {"state": "counted", "is_new": True})
        again = self.submit(self.hr, {self.it: 9})
        self.assertEqual(
            (again.status_code, again.json()),
            (200, {"state": "counted", "is_new": False}),
        )
        self.assertEqual(self.submitted(), {self.hr.id: 1})
        self.assertEqual(len(self.opened()), 1)
        form = self.post("ballot", {"code": self.code(self.hr)})
        self.assertEqual(form.json(), {"state": "counted"})

    def test_with_a_session_it_is_refused(self):
        """Odoo would note the user in the transaction that stores the answer."""
        self.authenticate(self.outsider.login, self.outsider.login)
        for answer in (
            self.submit(self.hr, {self.it: 7}),
            self.post("ballot", {"code": self.code(self.hr)}),
        ):
            self.assertEqual(answer.status_code, 400)
            self.assertEqual(answer.json()["error"], "cookie")
        self.assertFalse(self.submitted())

    def test_refusals_have_words(self):
        code = self.code(self.hr)
        answer = self.post(
            "submit", {"code": code, **self.answer(self.hr, {self.north: 7})}
        )
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(answer.json()["error"], "unit")
        self.assertFalse(self.submitted())

    def test_other_methods_are_not_there(self):
        self.assertEqual(self.get("/submit").status_code, 405)
        self.assertEqual(self.get("/ballot").status_code, 405)

    def test_too_much(self):
        body = {"code": self.code(self.hr), "ratings": ["x" * MOST_ANSWER_BYTES]}
        for address in ("ballot", "submit"):
            answer = self.post(address, body)
            self.assertEqual(answer.status_code, 413)
            self.assertNotIn("Traceback", answer.text)

    def test_a_lost_key_stops_no_answer(self):
        """It is needed to open boxes, not to close them."""
        code = self.code(self.hr)
        self.key._path(self.campaign).unlink()
        answer = self.post(
            "submit", {"code": code, **self.answer(self.hr, {self.it: 7})}
        )
        self.assertEqual(answer.status_code, 200)

    # ---------------------------------------------------------------------- log
    def test_no_code_and_no_answer_in_any_log(self):
        code = self.code(self.hr)
        unknown = "ZZZZ-0000-ZZZZ-0000"
        comment = "Unheard-of words"
        answer = self.answer(self.hr, {self.it: 7}, comments={self.it: comment})
        wrong = self.answer(self.hr, {self.it: 70}, comments={self.it: comment})
        with self.assertLogs("odoo", "DEBUG") as logs:
            for body in (
                {"code": unknown, **answer},
                {"code": code, **wrong},
                {"code": code, **answer},
                {"code": code, **answer},
            ):
                self.post("ballot", {"code": body["code"]})
                self.post("submit", body)
        text = "\n".join(logs.output)
        self.assertIn("UPDATE kpi_survey_ballot", text)
        for secret in (code, code.replace("-", ""), unknown, comment):
            self.assertNotIn(secret, text)
        self.assertFalse([r for r in logs.records if r.levelno > logging.INFO])

    def test_not_in_the_log_when_the_database_fails(self):
        code = self.code(self.hr)
        self.env.cr.execute("ALTER TABLE kpi_survey_sealed RENAME TO kpi_survey_gone")
        with (
            self.assertLogs("odoo.http", "ERROR") as logs,
            self.assertNoLogs("odoo.sql_db", "ERROR"),
        ):
            answer = self.submit(self.hr, {self.it: 7}, comments={self.it: "Unheard"})
        self.assertEqual(answer.status_code, 500)
        ballots = self.env["kpi.survey.ballot"].search([])
        secrets = [code, code.replace("-", ""), "Unheard", *ballots.mapped("code_hash")]
        for text in ("\n".join(logs.output), answer.text):
            for secret in secrets:
                self.assertNotIn(secret, text)
        self.assertFalse(self.submitted(), "both or neither")

    # --------------------------------------------------------------------- fuzz
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.one_of(anything, answers),
        st.one_of(st.just("real"), st.text(max_size=20), anything),
        st.sampled_from(["ballot", "submit"]),
    )
    def check_fuzz(self, data, code, address):
        body = data
        if isinstance(data, dict):
            code = self.code(self.hr) if code == "real" else code
            body = {**data, "code": code}
        answer = self.post(address, body)
        self.assertLess(answer.status_code, 500)
        self.assertIsInstance(answer.json(), dict)

    def test_whatever_is_sent(self):
        with self.assertNoLogs("odoo", "WARNING"):
            self.check_fuzz()
            for body in (b"", b"{", b"[" * 900, b"7", b"\xff", b'{"code": "\\ud800"}'):
                for address in ("ballot", "submit"):
                    answer = self.post(address, body)
                    self.assertEqual(answer.status_code // 100, 4)
                    self.assertTrue(answer.json()["message"])
        self.assertFalse(self.submitted())
