import base64
import re
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import mute_logger

from odoo.addons.kpi_quality.tests.common import NOW

from .web_console_common import WebConsoleCommon

# The shortest sound there is: a header, and nothing after it.
SOUND = b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(64)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestWebConsole(WebConsoleCommon):
    # -------------------------------------------------------------------- the page
    def test_page_runs_nothing_but_its_own_files(self):
        page = self.url_open(self.path(self.tablet))
        self.assertEqual(page.status_code, 200)
        policy = page.headers["Content-Security-Policy"]
        self.assertNotIn("unsafe", policy)
        for rule in (
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ):
            self.assertIn(rule, policy)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
        self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(page.headers["X-Frame-Options"], "DENY")
        self.assertNotIn("Set-Cookie", page.headers)
        scripts = re.findall(r"<script([^>]*)>([^<]*)", page.text)
        self.assertTrue(scripts)
        for attributes, content in scripts:
            if 'type="application/json"' not in attributes:
                self.assertIn('src="/web/assets/', attributes)
                self.assertFalse(content.strip())

    def test_page_brings_its_files_and_its_words_in_all_languages(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        page = self.url_open(self.path(self.tablet)).text
        self.assertIn('"ru_RU": {"yes": ', page)
        for address in re.findall(r'(?:src|href)="([^"]+)"', page):
            self.assertEqual(self.url_open(address).status_code, 200, address)

    def test_words_are_never_taken_for_tags(self):
        self.patch(
            type(self.tablet), "_web_words", lambda console: {"yes": "</script><b>"}
        )
        page = self.url_open(self.path(self.tablet)).text
        self.assertNotIn("</script><b>", page)
        self.assertIn(r"\u003c/script>\u003cb>", page)

    def test_what_is_unchanged_is_not_sent_again(self):
        for name in ("", "/settings", "/manifest.webmanifest", "/service-worker.js"):
            first = self.url_open(self.path(self.tablet, name))
            again = self.url_open(
                self.path(self.tablet, name),
                headers={"If-None-Match": first.headers["ETag"]},
            )
            self.assertEqual((first.status_code, again.status_code), (200, 304), name)
            self.assertFalse(again.content)

    def test_installed_page_and_worker_stay_in_their_link(self):
        manifest = self.url_open(self.path(self.tablet, "/manifest.webmanifest"))
        self.assertEqual(manifest.json()["start_url"], self.path(self.tablet))
        self.assertEqual(manifest.json()["scope"], self.path(self.tablet))
        for icon in manifest.json()["icons"]:
            self.assertEqual(self.url_open(icon["src"]).status_code, 200)
        worker = self.url_open(self.path(self.tablet, "/service-worker.js"))
        allowed = worker.headers["Service-Worker-Allowed"]
        self.assertEqual(allowed, self.path(self.tablet))
        self.assertIn("javascript", worker.headers["Content-Type"])

    def test_version_follows_whatever_a_tablet_keeps_of_the_page(self):
        versions = {self.tablet._web_version(), self.console(self.desk)._web_version()}
        self.assertEqual(len(versions), 1)
        self.env["res.lang"]._activate_lang("ru_RU")
        versions.add(self.tablet._web_version())
        self.tablet.web_lang = "ru_RU"
        versions.add(self.tablet._web_version())
        # The page kept by the tablet says where a video may come from.
        video = {"web_invitation": "video", "web_invitation_url": "https://v.example/a"}
        self.tablet.write(video)
        versions.add(self.tablet._web_version())
        self.assertEqual(len(versions), 4)
        self.assertEqual(self.settings()["app"], self.tablet._web_version())

    # -------------------------------------------------------------------- settings
    def test_settings_tell_the_question_and_who_serves(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        question = self.ask("Are you satisfied?")
        question.with_context(lang="ru_RU").text = "Вы довольны?"
        self.env["kpi.duty"]._log_in(self.counter, self.seller)
        settings = self.settings()
        self.assertEqual(
            settings["question"],
            {"en_US": "Are you satisfied?", "ru_RU": "Вы довольны?"},
        )
        self.assertEqual(settings["mode"], "three_button")
        self.assertEqual(settings["seller"], self.seller.name)
        self.assertEqual(settings["console"], self.tablet.identifier)
        self.assertEqual((settings["window"], settings["long_press"]), (60, 3))

    def test_settings_tell_nothing_of_others(self):
        self.seller.pin = "4711"
        self.ask("Mine")
        self.question("Never asked")
        self.env["kpi.duty"]._log_in(self.counter, self.seller)
        text = self.url_open(self.path(self.tablet, "/settings")).text
        for secret in (
            "4711",
            "Never asked",
            self.desk.name,
            self.seller_2.name,
            self.company.name,
        ):
            self.assertNotIn(secret, text)

    def test_page_follows_the_kind_of_its_point(self):
        for point, mode in (
            (self.desk, "seller_button"),
            (self.red, "red_button"),
            (self.door, "counting"),
        ):
            settings = self.settings(self.console(point))
            self.assertEqual(settings["mode"], mode)
            self.assertIsNone(settings["question"])

    def test_sellers_phone_and_customers_tablet_share_a_point(self):
        phone = self.console(self.counter, web_buttons="seller")
        self.assertEqual(self.settings(phone)["mode"], "seller_button")
        self.assertIsNone(self.settings()["asked"])
        self.assertEqual(self.press_there(phone, "seller").status_code, 200)
        asked = self.settings()["asked"]
        self.assertEqual(asked["uuid"], f"{phone.identifier}-1")
        self.assertEqual(asked["until"], "2025-03-20T09:01:00Z")
        with freeze_time("2025-03-20 09:00:20"):
            self.press_there(self.tablet, "yes")
            self.assertIsNone(self.settings()["asked"])

    def test_nobody_is_asked_when_the_time_is_over(self):
        self.press(self.counter, "2025-03-20 11:59:01", "seller")
        self.assertTrue(self.settings()["asked"])
        with freeze_time("2025-03-20 09:00:02"):
            self.assertIsNone(self.settings()["asked"])

    def test_force_majeure_begins_and_ends_everywhere(self):
        desk = self.console(self.desk)
        self.press_there(desk, "seller", held_ms=3000)
        begun = self.settings(desk)["force_majeure"]
        self.assertEqual(
            begun, {"since": "2025-03-20T09:00:00Z", "until": "2025-03-20T10:00:00Z"}
        )
        with freeze_time("2025-03-20 09:10:00"):
            other = self.console(self.desk)
            self.press_there(other, "over")
            self.assertIsNone(self.settings(desk)["force_majeure"])

    def test_page_counts_for_a_running_study(self):
        study = self.env["kpi.popularity.study"].create(
            {
                "name": "March",
                "site_id": self.shop.id,
                "start": fields.Datetime.now() - timedelta(hours=1),
                "line_ids": [
                    fields.Command.create(
                        {
                            "department_id": self.retail.id,
                            "point_ids": self.counter.ids,
                        }
                    )
                ],
            }
        )
        self.assertEqual(self.settings()["mode"], "three_button")
        study.action_start()
        settings = self.settings()
        self.assertEqual((settings["mode"], settings["study"]), ("study", "Retail"))
        self.press_there(self.tablet, "seller", "seller")
        with freeze_time("2025-03-20 09:10:00"):
            study.stop = fields.Datetime.now()
            study._count_departments()
            self.assertEqual(study.line_ids.observed, 2)
            self.assertEqual(self.settings()["mode"], "three_button")
        self.assertFalse(self.polls(self.counter))

    def test_page_of_no_point_says_so(self):
        for point in (self.env["kpi.feedback.point"], self.counter):
            console = self.console(self.counter)
            console.point_id = point
            point.active = False
            self.assertEqual(self.settings(console)["mode"], "none")

    def test_page_begins_in_the_language_of_the_shop(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.assertEqual(self.settings()["lang"], "en_US")
        self.company.partner_id.lang = "ru_RU"
        self.assertEqual(self.settings()["lang"], "ru_RU")
        self.tablet.web_lang = "en_US"
        self.assertEqual(self.settings()["lang"], "en_US")

    # --------------------------------------------------------------------- presses
    def test_presses_are_stored_once_and_in_order(self):
        for expected in ("stored", "known"):
            reply = self.press_there(self.tablet, "seller", "yes", "unsure").json()
            self.assertEqual(
                [row["status"] for row in reply["results"]], [expected] * 3
            )
            self.assertEqual(reply["settings"]["console"], self.tablet.identifier)
        events = self.env["kpi.feedback.event"].search(
            [("point_id", "=", self.counter.id)], order="id"
        )
        self.assertEqual(events.mapped("button"), ["seller", "yes", "unsure"])
        self.assertEqual(set(events.mapped("source")), {"web"})
        self.assertEqual(self.tablet.last_seen_at, fields.Datetime.now())

    def test_link_is_good_for_its_own_buttons_only(self):
        for point, button, status in (
            (self.counter, "complaint", "rejected"),
            (self.door, "complaint", "rejected"),
            (self.door, "visitor", "stored"),
            (self.door, "seller", "stored"),  # of a study
            (self.red, "complaint", "stored"),
            (self.red, "yes", "rejected"),
        ):
            console = self.console(point)
            [row] = self.press_there(console, button).json()["results"]
            self.assertEqual(row["status"], status, (point.name, button))

    def test_press_of_another_console_is_not_taken(self):
        other = self.console(self.desk)
        [row] = self.press_there(
            self.tablet, "seller", console=other.identifier
        ).json()["results"]
        self.assertEqual(row["status"], "rejected")
        self.assertFalse(
            self.env["kpi.feedback.event"].search([("point_id", "=", self.desk.id)])
        )

    def test_sends_too_often(self):
        self.env["ir.config_parameter"].set_param(
            "kpi_hardware_bridge.requests_per_minute", "2"
        )
        statuses = []
        for _time in range(3):
            answer = self.press_there(self.tablet, "yes")
            statuses.append(answer.status_code)
        self.assertEqual(statuses, [200, 200, 429])
        self.assertGreater(int(answer.headers["Retry-After"]), 0)

    # ----------------------------------------------------------------------- login
    def test_seller_logs_in_by_pin_and_out(self):
        self.seller.pin = "4711"
        login = self.path(self.tablet, "/login")
        reply = self.post(login, {"pin": "4711"}).json()
        self.assertEqual(reply["settings"]["seller"], self.seller.name)
        self.assertIsNone(reply["problem"])
        self.assertEqual(self.counter.worker_id, self.seller)
        reply = self.post(login, {"pin": None}).json()
        self.assertIsNone(reply["settings"]["seller"])

    def test_wrong_pins_are_counted_by_the_server(self):
        self.seller.pin = "4711"
        login = self.path(self.tablet, "/login")
        for _time in range(5):
            reply = self.post(login, {"pin": "0000"}).json()
            self.assertIn("PIN", reply["problem"])
        reply = self.post(login, {"pin": "4711"}).json()
        self.assertIn("Too many", reply["problem"])
        self.assertIsNone(reply["settings"]["seller"])
        with freeze_time("2025-03-20 09:06:00"):
            reply = self.post(login, {"pin": "4711"}).json()
            self.assertEqual(reply["settings"]["seller"], self.seller.name)

    # ------------------------------------------------------------------ invitation
    def test_question_is_asked_by_its_own_sound(self):
        self.ask(invitation=base64.b64encode(SOUND), invitation_name="bell.mp3")
        invitation = self.settings()["invitation"]
        self.assertEqual(invitation["kind"], "audio")
        sound = self.url_open(invitation["url"])
        self.assertEqual(sound.content, SOUND)
        self.assertEqual(sound.headers["Content-Type"], "audio/mpeg")
        self.assertIn("immutable", sound.headers["Cache-Control"])
        wrong = self.url_open(self.path(self.tablet, f"/invitation/{'0' * 40}"))
        self.assertEqual(wrong.status_code, 404)

    def test_nothing_but_sound_and_video_is_handed_out(self):
        self.ask(
            invitation=base64.b64encode(b"<html><script>alert(1)</script></html>"),
            invitation_name="bell.html",
        )
        self.assertEqual(self.settings()["invitation"], {"kind": "chime"})
        attachment = self.env["ir.attachment"].search(
            [
                ("res_field", "=", "invitation"),
                ("res_model", "=", "kpi.feedback.question"),
            ],
            limit=1,
        )
        wrong = self.path(self.tablet, f"/invitation/{attachment.checksum}")
        self.assertEqual(self.url_open(wrong).status_code, 404)

    def test_video_of_an_address(self):
        self.tablet.write(
            {
                "web_invitation": "video",
                "web_invitation_url": "https://videos.example.com/a.mp4",
            }
        )
        self.assertEqual(
            self.settings()["invitation"],
            {"kind": "video", "url": "https://videos.example.com/a.mp4"},
        )
        policy = self.url_open(self.path(self.tablet)).headers[
            "Content-Security-Policy"
        ]
        self.assertIn("media-src 'self' blob: https://videos.example.com;", policy)

    def test_address_of_a_video_cannot_widen_what_the_page_may_do(self):
        for address in (
            False,
            "javascript:alert(1)",
            "https://",
            "//example.com/a.mp4",
            "https://a.example;script-src * /a.mp4",
            "https://a.example script-src/a.mp4",
            "https://a.example,b.example/a.mp4",
        ):
            with self.assertRaises(ValidationError):
                self.tablet.write(
                    {"web_invitation": "video", "web_invitation_url": address}
                )

    # ------------------------------------------------------------------------ link
    def test_new_link_and_revoking(self):
        tablet = self.tablet.with_user(self.web_manager)
        old = self.path(self.tablet)
        self.assertTrue(tablet.web_link.endswith(old))
        self.assertTrue(base64.b64decode(tablet.web_qr).startswith(b"\x89PNG"))
        tablet.action_renew_web_link()
        new = self.path(self.tablet)
        self.assertNotEqual(old, new)
        self.assertEqual(self.url_open(old).status_code, 404)
        self.assertEqual(self.url_open(new).status_code, 200)
        tablet.action_revoke()
        self.assertEqual(self.url_open(new).status_code, 404)
        self.assertFalse(tablet.web_link)
        self.assertFalse(tablet.web_qr)
        tablet.action_renew_web_link()
        self.assertEqual(self.url_open(self.path(self.tablet)).status_code, 200)

    def test_press_kept_under_the_old_link_is_sent_by_the_new_one(self):
        self.tablet.action_renew_web_link()
        reply = self.press_there(self.tablet, "yes").json()
        self.assertEqual(reply["results"][0]["status"], "stored")

    def test_only_tablets_have_links(self):
        serial = self.console(self.counter, kind="serial")
        self.assertFalse(serial.web_link)
        with self.assertRaisesRegex(UserError, "no tablet"):
            serial.action_renew_web_link()
        serial.kind = "web"
        self.assertEqual(self.url_open(self.path(serial)).status_code, 200)
        link = self.path(serial)
        serial.kind = "serial"
        self.assertFalse(serial.web_link)
        self.assertEqual(self.url_open(link).status_code, 404)

    @mute_logger("odoo.sql_db")
    def test_copy_has_a_link_of_its_own(self):
        copy = self.tablet.copy()
        self.assertTrue(copy.web_link)
        self.assertNotEqual(copy.web_link, self.tablet.web_link)
