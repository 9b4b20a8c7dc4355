"""What an unmodified IoT Box of Odoo 19.0 calls.

Only ``/iot/setup`` proves who calls, by its token. All others are open to whoever knows
a box's identifier, which is no secret: they store nothing that a figure is made of, and
answer alike for boxes that there are and for those that there are not.
"""

import time

from odoo.http import Controller, content_disposition, request, route
from odoo.modules import get_module_path

from ..tools.handlers_zip import handlers_zip, is_same
from ..tools.rate_limit import RateLimit
from ..tools.text import printable

MOST_BYTES = 256 * 1024
MOST_CHARACTERS = 4_000  # of a log, at once
MOST_IDENTIFIER = 200  # more than any box has, and nothing to fill a memory with
LINE_END = "<log/>"
REFUSED = "The token is not valid (any more). Pair the box with a new one from Odoo."

# A box sends its log twice a second.
log_limit = RateLimit(per_second=3, burst=10)


def box_route(path, method="POST"):
    """A route for a caller that has no session and gets none."""
    return route(
        path,
        type="http",
        auth="public",
        methods=[method],
        csrf=False,
        save_session=False,
        max_content_length=MOST_BYTES,
    )


class IotBoxController(Controller):
    @box_route("/iot/setup")
    def setup(self, **_form):
        """A box starts or its devices changed.

        Request: ``{"params": {"iot_box": {identifier, mac, ip, token, version},
        "devices": {identifier: {name, type, manufacturer, connection, subtype}}}}``.
        The reply is the channel of its websocket. A refusal is a JSON-RPC error, which
        the box takes for a reply: with any other status it would try five times.
        """
        params = self._params()
        info, devices = params.get("iot_box"), params.get("devices")
        info = info if isinstance(info, dict) else {}
        devices = devices if isinstance(devices, dict) else {}
        token, channel = info.get("token"), None
        if isinstance(token, str) and token.isascii():
            channel = request.env["kpi.iot.box"]._setup(token, info, devices)
        if not channel:
            return self._reply(error={"code": 100, "message": REFUSED})
        return self._reply(result=channel)

    @box_route("/iot/get_handlers")
    def get_handlers(self, identifier="", **_form):
        """The drivers and interfaces of the consoles, unless the box has them already.

        They are published with the add-on and contain no secret, so anybody may have
        them.
        """
        content, fingerprint = self._handlers()
        headers = [("ETag", f'"{fingerprint}"'), ("Cache-Control", "no-cache")]
        asked = request.httprequest.headers.get("If-None-Match")
        boxes = request.env["kpi.iot.box"]
        if boxes._may_keep_handlers(identifier) and is_same(asked, fingerprint):
            return request.make_response("", headers, status=304)
        return self._zip(content, headers)

    @box_route("/iot/box/send_websocket")
    def send_websocket(self, **_form):
        """An answer to a command, when it knows the command's reference."""
        params = self._params()
        reference = params.get("session_id")
        if isinstance(reference, str) and reference.isascii():
            result = params.get("result")
            result = result if isinstance(result, dict) else {}
            answer = ", ".join(
                f"{place}: {printable(result.get(key), 32)}"
                for place, key in (("LAN", "lan_quality"), ("WAN", "wan_quality"))
                if result.get(key)
            )
            box = request.env["kpi.iot.box"]._by_identifier(
                params.get("iot_box_identifier")
            )
            box._answer(reference, answer)
        return self._reply()

    @box_route("/iot/log")
    def log(self, **_form):
        """``identifier X<log/>`` and ``level,text<log/>``, while asked for."""
        raw = request.httprequest.get_data()
        first, *lines = raw.decode(errors="replace").split(LINE_END)
        identifier = first.strip().removeprefix("identifier ")[:MOST_IDENTIFIER]
        if lines and log_limit.allows(identifier, time.monotonic()):
            texts = (printable(line.strip(), 1_000) for line in lines)
            text = "".join(f"{text}\n" for text in texts if text)
            request.env["kpi.iot.box"]._log(identifier, text[-MOST_CHARACTERS:])
        return self._reply()

    @box_route(
        [
            "/iot/box/update_certificate_status",
            "/iot/box/webrtc_answer",
            "/iot/keyboard_layouts",
        ]
    )
    def ignore(self, **_form):
        """What a box tells and nobody here needs."""
        return self._reply()

    @box_route("/iot/box/<string:identifier>/display_url", method="GET")
    def display_url(self, identifier, **_query):
        """No screen of a box shows anything of ours."""
        return request.make_json_response({})

    @route(
        "/kpi_hardware_bridge/iot_handlers.zip",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_handlers(self):
        """The same file for a box that downloads nothing itself."""
        if not request.env["kpi.iot.box"].has_access("read"):
            raise request.not_found()
        filename = content_disposition("kpi_iot_handlers.zip")
        return self._zip(
            self._handlers()[0],
            [("Content-Disposition", filename), ("Cache-Control", "no-store")],
        )

    # --------------------------------------------------------------- helpers
    def _params(self):
        """:return: what was sent as ``params``; empty when it is no dict"""
        try:
            body = request.get_json_data()
        except (ValueError, RecursionError):
            return {}
        params = body.get("params") if isinstance(body, dict) else None
        return params if isinstance(params, dict) else {}

    def _reply(self, result=None, error=None):
        """As JSON-RPC says, though not its dispatcher: that one tells stack traces."""
        reply = {"error": error} if error else {"result": result}
        return request.make_json_response({"jsonrpc": "2.0", "id": None, **reply})

    def _handlers(self):
        return handlers_zip(f"{get_module_path('kpi_hardware_bridge')}/iot_handlers")

    def _zip(self, content, headers):
        return request.make_response(
            content,
            [
                ("Content-Type", "application/zip"),
                ("Content-Length", str(len(content))),
                ("X-Content-Type-Options", "nosniff"),
                *headers,
            ],
        )
