"""What the page of a web console is made of, and its words in every language."""

import hashlib
import json

from markupsafe import Markup

from odoo import api, models
from odoo.tools import file_open

BUNDLE = "kpi_hardware_bridge.assets_console"
STATIC = "kpi_hardware_bridge/static/src/console"
WORKER = f"{STATIC}/service_worker.js"
ICONS = {size: f"/{STATIC}/icons/console_{size}.png" for size in (192, 512)}


class KpiConsole(models.Model):
    _inherit = "kpi.console"

    @api.model
    def _web_assets(self):
        """:return: addresses of styles and scripts, each with its own hash"""
        return self.env["ir.qweb"]._get_asset_links(BUNDLE)

    def _web_version(self):
        """Changes with anything of the page, so that tablets fetch it anew."""
        self.ensure_one()
        with file_open(WORKER) as worker:
            parts = [
                self._web_assets(),
                self._web_all_words(),
                self._web_language(),
                self._web_media_server(),
                worker.read(),
            ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    def _web_page(self):
        """The page itself: the same for all consoles, but for its addresses."""
        self.ensure_one()
        assets = self._web_assets()
        return self.env["ir.qweb"]._render(
            "kpi_hardware_bridge.web_console",
            {
                "path": self._web_path(),
                "lang": self._web_language().replace("_", "-"),
                "styles": [link for link in assets if link.endswith(".css")],
                "scripts": [link for link in assets if link.endswith(".js")],
                "icons": ICONS,
                "page": self._web_page_data(),
            },
        )

    def _web_page_data(self):
        data = {
            "path": self._web_path(),
            "lang": self._web_language(),
            "app": self._web_version(),
            "words": self._web_all_words(),
        }
        # Inside of a script element nothing may look like a tag.
        return Markup(json.dumps(data).replace("<", "\\u003c"))

    def _web_worker(self):
        """The service worker: what to keep for a start without the server."""
        self.ensure_one()
        page = {
            "path": self._web_path(),
            "version": self._web_version(),
            "files": [*self._web_assets(), *ICONS.values()],
        }
        with file_open(WORKER) as worker:
            return f"const PAGE = {json.dumps(page)};\n{worker.read()}"

    def _web_manifest(self):
        """How the page is installed on a home screen."""
        self.ensure_one()
        path = self._web_path()
        return {
            "id": path,
            "name": self.name,
            "short_name": self.point_id.name or self.name,
            "lang": self._web_language().replace("_", "-"),
            "start_url": path,
            "scope": path,
            "display": "fullscreen",
            "display_override": ["fullscreen", "standalone"],
            "orientation": "any",
            "background_color": "#f4f1ea",
            "theme_color": "#f4f1ea",
            "icons": [
                {
                    "src": address,
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": "any maskable",
                }
                for size, address in ICONS.items()
            ],
        }

    # -------------------------------------------------------------------- words
    @api.model
    def _web_all_words(self):
        """:return: ``{language: {key: words}}``"""
        return {
            code: self.with_context(lang=code)._web_words()
            for code, _name in self.env["res.lang"].get_installed()
        }

    @api.model
    def _web_words(self):
        """In the language of the context; ``{}`` is the place of a value."""
        return {
            # Customers
            "yes": self.env._("Yes"),
            "no": self.env._("No"),
            "unsure": self.env._("Hard to say"),
            "no_question": self.env._("There is no question now"),
            "no_question_hint": self.env._(
                "Plan one in Odoo: KPI & Service Quality, Feedback, Question Plans."
            ),
            "invite": self.env._("Please answer one question"),
            "serves": self.env._("Serves you"),
            "thanks": self.env._("Thank you!"),
            "thanks_answer": self.env._("Your answer helps us to become better."),
            "language": self.env._("Language"),
            # Red button
            "red_title": self.env._("Was anything wrong?"),
            "red_press": self.env._("Press the button once, and we will look into it."),
            "red_hold": self.env._(
                "Hold it for {} seconds to call the manager right now."
            ),
            "red_button": self.env._("Press"),
            "red_holding": self.env._("Keep holding…"),
            "red_release": self.env._("Release: the manager is called"),
            "red_thanks": self.env._("We are sorry. Thank you for telling us."),
            "red_short": self.env._("It is recorded, and somebody will look into it."),
            "red_long": self.env._("The manager is being called."),
            # Sellers
            "seller": self.env._("Seller"),
            "seller_hint": self.env._("Hold for force majeure"),
            "seller_attempt": self.env._("Press when you begin with a customer"),
            "seller_ask": self.env._("Press, and ask the customer to answer"),
            "seller_hold": self.env._("Force majeure: hold for {} seconds"),
            "seller_release": self.env._("Release: force majeure"),
            "asked": self.env._("The customer is asked"),
            "noted": self.env._("Recorded"),
            "today": self.env._("today"),
            "force_majeure": self.env._("Force majeure"),
            "since": self.env._("since {}"),
            "over": self.env._("It is over"),
            "ask_over": self.env._("Or hold the button again"),
            "nobody": self.env._("Nobody is logged in"),
            "log_in": self.env._("Log in"),
            "log_out": self.env._("Log out"),
            "logged_out": self.env._("{} is logged out"),
            "welcome": self.env._("Hello, {}!"),
            "pin": self.env._("Your PIN"),
            "pin_wait": self.env._("Checking…"),
            "pin_offline": self.env._(
                "There is no connection, so nobody can log in or out. Presses are kept "
                "and count for who is logged in."
            ),
            "pin_failed": self.env._("There is no connection. Try again."),
            "pin_clear": self.env._("Delete the last digit"),
            "close": self.env._("Close"),
            "staff": self.env._("For the staff"),
            "install": self.env._("Install"),
            "fullscreen": self.env._("Full screen"),
            # Counting
            "visitor": self.env._("A visitor"),
            "counting": self.env._("Press once for each visitor who comes in"),
            "study": self.env._("Study of visitors: {}"),
            "studying": self.env._("Press once for each visitor who comes up"),
            "undo": self.env._("Undo the last one"),
            "undone": self.env._("Taken back"),
            # The device
            "sent": self.env._("Everything is sent"),
            "waiting": self.env._("Waiting to be sent: {}"),
            "offline": self.env._("No connection. Presses are kept: {}"),
            "unsafe": self.env._(
                "This device cannot keep presses: leave private browsing, or free some "
                "space."
            ),
            "loading": self.env._("One moment…"),
            "none": self.env._("This console is not set up yet"),
            "none_hint": self.env._(
                "Choose its point in Odoo: KPI & Service Quality, Devices, Consoles."
            ),
            "revoked": self.env._("This link is not valid any more"),
            "revoked_hint": self.env._(
                "Ask the manager for the new link or QR code of this console, and open "
                "it on this device in the same browser."
            ),
            "revoked_kept": self.env._(
                "Presses kept on this device: {}. The new link sends them; do not "
                "clear the browser's data before."
            ),
            "first_offline": self.env._(
                "The server cannot be reached. The console starts by itself as soon as "
                "it can."
            ),
        }
