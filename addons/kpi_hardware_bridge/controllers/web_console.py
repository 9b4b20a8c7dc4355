import json
from datetime import UTC, datetime

from odoo.http import Controller, request, route

from ..const import MOST_BYTES
from ..models.kpi_console_web import PAGE
from ..tools.batch import TooMany, Unreadable

LINK = f"{PAGE}/<string:token>"
MOST_LOGIN_BYTES = 4096
MOST_PIN = 64
# Also fetched by the tablet alone: a week's outage does not empty its cache.
UNCHANGED = "private, max-age=31536000, immutable"


class WebConsoleController(Controller):
    """The page of a tablet, and what it asks and sends.

    The token in the address is all that it has; it stands for one console. Who has
    none that works gets the page of any unknown address.
    """

    # --------------------------------------------------------------------- page
    @route(
        LINK,
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def web_console(self, token, **_query):
        console = self._console(token)
        return self._answer(
            console, str(console._web_page()), "text/html; charset=utf-8"
        )

    @route(
        f"{LINK}/manifest.webmanifest",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def web_console_manifest(self, token, **_query):
        console = self._console(token)
        return self._answer(
            console, json.dumps(console._web_manifest()), "application/manifest+json"
        )

    @route(
        f"{LINK}/service-worker.js",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def web_console_worker(self, token, **_query):
        console = self._console(token)
        answer = self._answer(console, console._web_worker(), "text/javascript")
        # The page itself has no slash at its end.
        answer.headers["Service-Worker-Allowed"] = console._web_path()
        return answer

    @route(
        f"{LINK}/invitation/<string:checksum>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def web_console_invitation(self, token, checksum, **_query):
        """The sound or video of the question that is in force."""
        console = self._console(token)
        attachment, mimetype = console._web_invitation_file(
            console.point_id.question_id
        )
        if not attachment or attachment.checksum != checksum:
            raise self._unknown()
        stream = request.env["ir.binary"].sudo()._get_stream_from(attachment)
        stream.mimetype = mimetype
        answer = stream.get_response(as_attachment=False, immutable=True)
        self._protect(answer, console)
        answer.headers["Cache-Control"] = UNCHANGED
        return answer

    # --------------------------------------------------------------------- data
    @route(
        f"{LINK}/settings",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        readonly=True,
    )
    def web_console_settings(self, token, **_query):
        console = self._console(token)
        return self._json(console, console._device_settings())

    @route(
        f"{LINK}/events",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MOST_BYTES,
    )
    def web_console_events(self, token, **_query):
        """The body and the answer of ``/kpi_bridge/v1/events``, without a signature."""
        received_at = datetime.now(UTC).replace(tzinfo=None)
        console = self._console(token)
        seconds = console._seconds_to_wait(received_at)
        if seconds:
            answer = self._json(console, {"error": "too_many_requests"}, status=429)
            answer.headers["Retry-After"] = str(seconds)
            return answer
        # The token is the right to press.
        ingestion = request.env["kpi.ingestion"].sudo()
        try:
            reply = ingestion._ingest(console, self._body(), received_at, "web")
        except TooMany:
            return self._json(console, {"error": "too_large"}, status=413)
        except Unreadable as problem:
            reason = {"error": "unreadable", "reason": str(problem)}
            return self._json(console, reason, status=400)
        return self._json(console, reply)

    @route(
        f"{LINK}/login",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MOST_LOGIN_BYTES,
    )
    def web_console_login(self, token, **_query):
        """Log a seller in by PIN, or out without one; wrong ones are counted.

        :return: ``{"settings": …}`` with whoever is there now, and ``problem``, the
            words for the person when the PIN was not taken
        """
        console = self._console(token)
        body = self._body()
        pin = body.get("pin") if isinstance(body, dict) else ""
        if not (pin is None or (isinstance(pin, str) and 0 < len(pin) <= MOST_PIN)):
            return self._json(console, {"error": "unreadable"}, status=400)
        problem = console._web_login(pin, body.get("lang"))
        return self._json(
            console, {"problem": problem, "settings": console._device_settings()}
        )

    # ------------------------------------------------------------------ helpers
    def _console(self, token):
        """:raise werkzeug.exceptions.NotFound: no console has this link"""
        console = request.env["kpi.console"]._find_by_web_token(token)
        if not console:
            raise self._unknown()
        return console

    def _unknown(self):
        """As if there was no such route: the page of any unknown address."""
        if "\0" not in request.httprequest.path:  # Odoo's page would fail on it
            request.is_frontend = request.is_frontend_multilang = True
            request.lang = request.env["ir.http"]._get_default_lang()
        return request.not_found()

    def _body(self):
        """:return: what the JSON says; None when it is none"""
        try:
            return request.get_json_data()
        except (ValueError, RecursionError):
            return None

    def _json(self, console, data, status=200):
        return self._answer(console, json.dumps(data), "application/json", status)

    def _answer(self, console, text, content_type, status=200):
        """An answer that is asked for again each time, and unchanged costs nothing."""
        answer = request.make_response(
            text, [("Content-Type", content_type)], status=status
        )
        self._protect(answer, console)
        if request.httprequest.method != "GET":
            answer.headers["Cache-Control"] = "no-store"
            return answer
        answer.headers["Cache-Control"] = "private, no-cache"
        answer.add_etag()
        answer.make_conditional(request.httprequest)
        return answer

    def _protect(self, answer, console):
        """Nothing of others runs in the page, and it tells nobody its address."""
        media = f"'self' blob: {console._web_media_server()}".strip()
        answer.headers.update(
            {
                "Content-Security-Policy": (
                    "default-src 'none'; script-src 'self'; style-src 'self'; "
                    f"img-src 'self' data:; media-src {media}; connect-src 'self'; "
                    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
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
