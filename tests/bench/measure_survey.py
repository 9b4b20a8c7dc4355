"""An internal survey of a large company: from the start to the board's matrix."""

import json
import time
from random import Random
from statistics import median, quantiles

import databases
import measure_ingest
from company import clone_records
from report import seconds
from session import environment
from timing import Stopwatch, alternate

from odoo.tools import SQL

PEOPLE = 5000
HEAD_OFFICE, REGIONAL = 90, 30
UNITS = HEAD_OFFICE + REGIONAL
ANSWERS, RATED = 4000, 10  # forms, and units rated on each: 40,000 ratings
# Sent over HTTP, by one client after the other; the rest as the server stores them.
SENT = 200
PAGE = "/kpi/survey"
JSON = {"Content-Type": "application/json", "X-Odoo-Database": databases.WORKING}
MATRIX_AIM = 0.5  # seconds
SUBMIT_AIM = 4.0  # times a request that is refused: it writes nothing
# How the company answers: the mean of a unit, and how far people are apart.
LEVEL, SPREAD = 7.1, 1.4


def survey(registry, database, runs, report):
    """:param registry: of a database with the add-ons and nothing in them"""
    with environment(registry) as env:
        make_company(env)
    started = start(registry, report)
    with environment(registry) as env:
        codes, ballots = answers(env, started)
    submit(database, started, codes[:SENT], ballots[:SENT], report)
    with environment(registry) as env:
        campaign = campaign_of(env, started)
        begun = time.perf_counter()
        for code, ballot in zip(codes[SENT:], ballots[SENT:], strict=True):
            campaign._submit(code, ballot)
        taken = time.perf_counter() - begun
        report.line(
            "the same without HTTP, one after the other: each | a second",
            seconds(taken / (ANSWERS - SENT)),
            f"{(ANSWERS - SENT) / taken:,.0f} /s",
        )
    count(registry, started, report)
    read(registry, started, runs, report)


# ---------------------------------------------------------------------- the company
def make_company(env):
    """Departments of all sizes with people, and who looks at the results."""
    random = Random("company")
    departments = env["hr.department"].create(
        [
            {
                "name": f"Unit {number:03}",
                "company_id": env.company.id,
                "kpi_is_unit": True,
                "kpi_unit_kind": "head_office" if number < HEAD_OFFICE else "regional",
            }
            for number in range(UNITS)
        ]
    )
    weights = [random.uniform(0.3, 2) for _department in departments]
    places = random.choices(departments.ids, weights, k=PEOPLE)
    make_people(env, places)
    quality = "kpi_quality.group_kpi_quality"
    for login, group in (
        ("bench_hr", f"{quality}_manager"),
        ("bench_board", "kpi_internal_survey.group_kpi_survey_board"),
        ("bench_director", f"{quality}_lead"),
    ):
        env["res.users"].with_context(no_reset_password=True).create(
            {"name": login, "login": login, "group_ids": [(6, 0, env.ref(group).ids)]}
        )
    director = env["res.users"].search([("login", "=", "bench_director")])
    employee = env["hr.employee"].search(
        [("department_id", "=", departments[0].id)], limit=1
    )
    employee.user_id = director
    departments[0].manager_id = employee


def make_people(env, places):
    """Employees without a user: copies of one, as Odoo needs minutes for so many.

    :param places: the department of each
    """
    employee = env["hr.employee"].create(
        {"name": "Prototype", "company_id": env.company.id, "work_email": "no@example"}
    )
    env.flush_all()
    cloner = clone_records(
        env.cr,
        len(places),
        "hr_employee",
        employee,
        name=SQL("'Employee ' || lpad(n::text, 4, '0')"),
        email=SQL("'employee' || n || '@bench.example'"),
        department_id=SQL("(%s::int4[])[1 + n]", places),
    )
    for table, column in (
        ("res_partner", "work_contact_id"),
        ("resource_resource", "resource_id"),
    ):
        pairs = SQL(
            "SELECT id AS parent_id, %s AS id FROM hr_employee", SQL.identifier(column)
        )
        cloner.add(table, "hr_employee", by=pairs)
    cloner.add("hr_version", "hr_employee", by="employee_id")
    name, email = SQL("plan.name"), SQL("plan.email")
    cloner.fill("res_partner", name=name, complete_name=name, email=email)
    cloner.fill("resource_resource", name=name)
    # Employee and current version refer to each other.
    cloner.fill(
        "hr_employee", name=name, work_email=email, current_version_id=SQL("NULL")
    )
    cloner.fill("hr_version", department_id=SQL("plan.department_id"))
    env.cr.execute(
        """
        UPDATE hr_employee AS employee
        SET current_version_id = version.id
        FROM hr_version AS version
        WHERE version.employee_id = employee.id
            AND employee.current_version_id IS NULL
        """
    )
    env.invalidate_all()
    employee.action_archive()  # a prototype works nowhere


def start(registry, report):
    """:return: id of a campaign that runs"""
    with environment(registry) as env:
        today = env["kpi.survey.campaign"]._fields["date_from"].context_today(env.user)
        campaign = env["kpi.survey.campaign"].create(
            {"name": "Bench", "date_from": today, "date_to": today}
        )
        campaign._set_state("agreed")
        started = campaign.id
    with environment(registry) as env:
        watch = Stopwatch()
        with watch.running(env.cr):
            campaign_of(env, started)._start()
            env.flush_all()
    report.line(
        f"start: {UNITS} units, {PEOPLE:,} people, their ballots and letters",
        seconds(watch.seconds),
        f"{watch.statements:,} statements",
    )
    with environment(registry) as env:
        env["mail.mail"].search([("state", "=", "outgoing")]).unlink()
        env.cr.execute("ANALYZE")
    return started


def campaign_of(env, started):
    return env["kpi.survey.campaign"].browse(started)


# ---------------------------------------------------------------------- the answers
def answers(env, started):
    """:return: codes, and the forms of their owners"""
    random = Random("answers")
    campaign = campaign_of(env, started)
    participants = campaign.participant_ids.filtered("email")
    chosen = participants.browse(random.sample(participants.ids, ANSWERS))
    codes = env["kpi.survey.key"]._codes(campaign, chosen)
    may_rate = {unit: campaign._rated_units(unit).ids for unit in campaign.unit_ids}
    candidates = [
        (row.employee_id.id, row.unit_id)
        for row in participants
        if row.unit_id.kind == "head_office"
    ]
    means = {unit.id: random.gauss(LEVEL, 0.6) for unit in campaign.unit_ids}
    criteria = campaign.criterion_ids.ids
    ballots = []
    for participant in chosen:
        unit = participant.unit_id
        rated = random.sample(may_rate[unit], RATED)
        votes = [
            employee
            for employee, place in random.sample(candidates, 4)
            if place != unit
        ]
        ballots.append(
            {
                "ratings": [
                    {
                        "unit": other,
                        "marks": {
                            str(criterion): _mark(random, means[other])
                            for criterion in criteria
                        },
                        "comment": "",
                    }
                    for other in rated
                ],
                "votes": votes,
            }
        )
    return [codes[participant] for participant in chosen], ballots


def _mark(random, mean):
    return min(max(round(random.gauss(mean, SPREAD)), 1), 10)


def submit(database, started, codes, ballots, report):
    """Over HTTP, beside a request of the same address that is refused at once."""
    with measure_ingest.serving(database) as port:
        [token] = tokens(database, started)
        address = f"{PAGE}/{token}/submit"
        for _warm in range(5):
            measure_ingest.post(port, address, b"{}", JSON, expected=400)
        empty, full = [], []
        for code, ballot in zip(codes, ballots, strict=True):
            body = json.dumps({"code": code, **ballot}).encode()
            for times, content, expected in (
                (empty, b"{}", 400),
                (full, body, 200),
            ):
                begun = time.perf_counter()
                measure_ingest.post(port, address, content, JSON, expected)
                times.append(time.perf_counter() - begun)
    report.line(
        f"a form with {RATED} units, over HTTP | an empty POST, refused: median",
        seconds(median(full)),
        seconds(median(empty)),
        median(full) / median(empty),
        SUBMIT_AIM,
    )
    report.line(
        "95 of 100 within",
        seconds(quantiles(full, n=20)[-1]),
        seconds(quantiles(empty, n=20)[-1]),
    )


def tokens(database, started):
    from kpienv import postgres

    query = f"SELECT access_token FROM kpi_survey_campaign WHERE id = {started}"
    return postgres.psql(query, database).split()


# ------------------------------------------------------------------------ the results
def count(registry, started, report):
    with environment(registry) as env:
        campaign_of(env, started)._set_state("closed")
    with environment(registry) as env:
        campaign = campaign_of(env, started)
        watch = Stopwatch()
        with watch.running(env.cr):
            campaign._count_boxes()
        report.line(
            f"count: {ANSWERS:,} boxes opened, added up, hidden, written",
            seconds(watch.seconds),
            f"{watch.statements:,} statements",
        )
        report.check("the campaign is counted", campaign.is_counted)
    with environment(registry) as env:
        campaign = campaign_of(env, started)
        whole = env["kpi.survey.result"].search(
            [("campaign_id", "=", started), ("unit_id", "=", False)]
        )
        report.check("marks of others", whole.respondents == ANSWERS * RATED)
        campaign._set_state("published")
        env.cr.execute("ANALYZE")


def read(registry, started, runs, report):
    """What people wait for at the screens: the server's part."""
    pages = (
        ("matrix", "bench_board", "get_matrix", MATRIX_AIM),
        ("results, of the board", "bench_board", "get_results", None),
        ("results, of HR", "bench_hr", "get_results", None),
        ("results, of a director", "bench_director", "get_results", None),
        ("report of the board, xlsx", "bench_board", "board", None),
        ("report of a director, xlsx", "bench_director", "director", None),
    )
    for name, login, what, aim in pages:
        shown = _page if what.startswith("get_") else _workbook
        watch, size = _measure(
            registry,
            runs,
            login,
            lambda env, shown=shown, what=what: len(shown(env, what, started)),
        )
        report.line(
            f"{name}: {size / 1024:,.0f} KB",
            seconds(watch.seconds),
            f"{watch.statements} statements",
            watch.seconds / aim if aim else None,
            1.0 if aim else None,
        )


def _page(env, method, started):
    return json.dumps(getattr(env["kpi.survey.board"], method)(started))


def _workbook(env, kind, started):
    from odoo.addons.kpi_internal_survey.report.survey_workbook import write_workbook

    report = env["kpi.survey.report"]._collect(kind, campaign_of(env, started))
    return write_workbook(report)


def _measure(registry, runs, login, work):
    """:return: a stopwatch with the median, and what the work gave last"""
    watch, given = Stopwatch(), []

    def call():
        with environment(registry, login, keep=False) as env:
            begun = time.perf_counter()
            with watch.running(env.cr):
                given.append(work(env))
            return time.perf_counter() - begun

    call()  # caches of a server that has been up for a while
    [watch.seconds] = alternate(runs, call)
    return watch, given[-1]
