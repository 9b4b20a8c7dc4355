from odoo.tests import HttpCase, tagged
from odoo.tests.common import no_retry


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The unit tests of the screens (static/tests/*.test.js)."""

    @no_retry
    def test_screens(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            "&filter=@kpi_internal_survey",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            # What Hoot prints about a failed test comes before its summary.
            error_checker=lambda message: "[HOOT]" not in message,
        )
