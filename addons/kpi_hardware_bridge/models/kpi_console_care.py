from odoo import api, models


class KpiConsole(models.Model):
    """A console that is plugged into a box is as its box is."""

    _inherit = "kpi.console"

    @api.depends("point_id", "is_plugged", "box_id.state")
    def _compute_state(self):
        return super()._compute_state()

    def _light(self, now, is_silent):
        box = self.box_id
        if not box or self.revoked:
            return super()._light(now, is_silent)
        if box.state in ("new", "silent", "revoked"):
            why = self.env._(
                "Its box “%(box)s”: %(reason)s", box=box.name, reason=box.state_reason
            )
            return box.state, [why]
        if not self.is_plugged:
            return "silent", [self.env._("Its box does not find it: plug it in.")]
        warnings = self._warnings(now)
        return "warning" if warnings else "ok", warnings

    def _warnings(self, now):
        warnings = super()._warnings(now)
        if not self.point_id:
            warnings.append(
                self.env._("It has no point: presses are kept until it gets one.")
            )
        return warnings

    def _is_to_be_told(self, now):
        """Of a silent box one hears once, not for each of its consoles."""
        if self.box_id.state == "silent":
            return False
        return super()._is_to_be_told(now)
