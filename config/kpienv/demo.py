"""``make demo``: a running company to look at."""

import csv
import os
import threading

from . import conf, postgres, prepared, procs, settings, testrun, util, venv
from .util import EnvError

LOCAL = ("127.0.0.1", "0.0.0.0", "::")
LOGINS = "*/demo/logins.csv"  # of the add-ons


def logins() -> list[str]:
    """:return: one line per role, from the files beside the demo data."""
    rows = []
    for path in sorted(settings.ADDONS.glob(LOGINS), reverse=True):
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    if not rows:
        return ["administrator: admin / admin"]
    width = max(len(row["role"]) for row in rows)
    return [f"{r['role']:{width}}  {r['login']} / {r['password']}" for r in rows]


def ensure_database() -> None:
    """Make ``kpi_demo`` unless it is there; one that is there is kept as it is."""
    if prepared.state(settings.DEMO_DB):
        known = prepared.state(settings.DEMO_DB)["addons"]
        if known != prepared.digests():
            util.say(
                "NOTE: the add-ons changed since this demo database was made."
                ' `make demo-new` makes a new one, `make odoo ARGS="-d kpi_demo -u'
                ' kpi_quality --stop-after-init"` upgrades it.'
            )
        return
    logs = settings.work_dir() / "logs" / "demo"
    source = testrun.DEMO_DB
    if not prepared.current(source, prepared.DEMO):
        prepared.ensure_base(prepared.DEMO, logs)
        util.step("demo company (some minutes, once)")
        for text in prepared.install_own(source, prepared.DEMO, logs / "demo.log"):
            util.say(util.indent(text, "  ! "))
    if not prepared.state(source):
        raise EnvError(f"the demo company could not be made; see {logs / 'demo.log'}")
    prepared.copy(source, settings.DEMO_DB)
    prepared.set_state(settings.DEMO_DB, **prepared.state(source))


def main(anew: bool = False) -> int:
    """Serve the demo until Ctrl-C; :return: exit status."""
    host = os.environ.get("KPI_HOST") or "127.0.0.1"
    port = int(os.environ.get("KPI_PORT") or 8069)
    if procs.port_taken(host, port):
        raise EnvError(
            f"port {port} is in use; choose another: KPI_PORT=8070 make demo"
        )
    with postgres.serving(keep=False):
        if anew:
            prepared.drop(settings.DEMO_DB)
        ensure_database()
        conf.write()
        command = [venv.python(), "-m", "odoo", "server", "-d", settings.DEMO_DB]
        command += [f"--db-filter=^{settings.DEMO_DB}$"]
        with procs.started(command) as process:
            url = f"http://{'localhost' if host in LOCAL else host}:{port}"
            threading.Thread(
                target=_announce, args=(url, port, process), daemon=True
            ).start()
            try:
                return process.wait()
            except KeyboardInterrupt:
                util.say("\nstopping ...")
                return 0


def _announce(url: str, port: int, process) -> None:
    try:
        procs.wait_for(f"http://127.0.0.1:{port}/web/health", process)
    except EnvError:
        return
    lines = [
        "",
        f"The demo company is at {url}",
        *(f"  {line}" for line in logins()),
        "",
    ]
    util.say("\n".join(lines + ["Ctrl-C stops it.", ""]))
