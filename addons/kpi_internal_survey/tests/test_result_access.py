"""Who sees what of the results, and what nobody gets by any way Odoo offers."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .survey_common import SurveyCase

PUBLISHED = ("result", "result.criterion", "cell", "comment", "best")
SECRET = "Only for the director of HR"


@tagged("post_install", "-at_install")
class TestResultAccess(SurveyCase):
    """``director`` leads IT, ``director_2`` HR; the comment is on HR."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whoever may export anything at all.
        cls.director.group_ids += cls.env.ref("base.group_allow_export")
        votes = cls.people[cls.risk][0]
        units = cls.it + cls.hr + cls.legal
        ballots = []
        for rater in units:
            for _person in range(6):
                marks = dict.fromkeys(units, 8) | {rater: 9}
                ballots.append(cls.ballot(rater, marks, votes=votes))
        ballots += [
            cls.ballot(cls.legal, {cls.hr: 2}, comments={cls.hr: SECRET}),
            cls.ballot(cls.legal, {cls.it: 7}, comments={cls.it: "To IT"}),
            *[cls.ballot(cls.risk, {cls.hr: 3, cls.it: 8}) for _person in range(3)],
            *[cls.ballot(cls.risk, {cls.it: 8}) for _person in range(4)],
        ]
        cls.count(ballots, state="published")
        cls.everybody = {
            "manager": cls.manager,
            "board": cls.board,
            "director": cls.director,
            "director_2": cls.director_2,
            "outsider": cls.outsider,
            "board_abroad": cls.board_abroad,
        }

    def model(self, name, user):
        companies = user.company_ids.ids
        return (
            self.env[f"kpi.survey.{name}"]
            .with_user(user)
            .with_context(allowed_company_ids=companies)
        )

    def seen(self, name, user):
        """The rows that somebody finds; None without any right to."""
        model = self.model(name, user)
        return model.search([]).sudo() if model.has_access("read") else None

    def rows(self, name):
        path = "result_id.campaign_id" if name == "result.criterion" else "campaign_id"
        return self.env[f"kpi.survey.{name}"].search([(path, "=", self.campaign.id)])

    # ----------------------------------------------------------- who sees what
    def test_board_sees_everything_published(self):
        for name in PUBLISHED:
            self.assertEqual(self.seen(name, self.board), self.rows(name), name)

    def test_manager_sees_results_without_matrix_and_comments(self):
        for name in ("result", "result.criterion", "best"):
            self.assertEqual(self.seen(name, self.manager), self.rows(name), name)
        self.assertFalse(self.seen("comment", self.manager))
        self.assertEqual(set(self.seen("cell", self.manager).mapped("kind")), {"own"})

    def test_director_sees_scores_of_all_and_the_rest_of_his_unit(self):
        for name in ("result", "best"):
            self.assertEqual(self.seen(name, self.director), self.rows(name), name)
        criteria = self.seen("result.criterion", self.director)
        self.assertEqual(criteria.result_id.unit_id, self.it)
        company = criteria.filtered(lambda row: not row.result_id.unit_id)
        self.assertEqual(set(company.mapped("view")), {"others"})
        self.assertEqual(self.seen("comment", self.director).mapped("text"), ["To IT"])
        [own] = self.seen("cell", self.director)
        self.assertEqual((own.kind, own.rated_id), ("own", self.it))

    def test_who_leads_from_above_sees_the_units_below(self):
        above = self.env["hr.department"].create(
            {"name": "Above", "company_id": self.company.id}
        )
        above.manager_id = self.employees["it"][0]
        self.department_hr.parent_id = above
        self.assertIn(SECRET, self.seen("comment", self.director).mapped("text"))

    def test_others_see_nothing(self):
        for name in PUBLISHED:
            self.assertIsNone(self.seen(name, self.outsider), name)
            self.assertFalse(self.seen(name, self.board_abroad), name)

    def test_before_publishing_directors_see_nothing(self):
        self._set_state(self.campaign, "closed")
        for name in PUBLISHED:
            self.assertFalse(self.seen(name, self.director), name)
            self.assertTrue(self.seen(name, self.board), name)
        self.assertTrue(self.seen("result", self.manager))

    def test_before_the_count_nobody_sees_anything(self):
        self.campaign.sudo().is_counted = False
        self._set_state(self.campaign, "closed")
        for name in PUBLISHED:
            for user in (self.board, self.manager, self.director):
                self.assertFalse(self.seen(name, user), (name, user.login))

    def test_own_view_comes_by_the_rights_of_the_reader(self):
        result = self.rows("result").filtered(lambda row: row.unit_id == self.hr)
        for user, score in (
            (self.director_2, 9),
            (self.manager, 9),
            (self.board, 9),
            (self.director, 0),
        ):
            row = result.with_user(user)
            self.assertEqual(row.own_score, score, user.login)
            self.assertEqual(row.has_own_score, bool(score))
            self.assertEqual(row.own_respondents, 6 if score else 0)

    def test_own_view_is_not_kept_from_one_reader_to_the_next(self):
        result = self.rows("result").filtered(lambda row: row.unit_id == self.hr)
        self.assertEqual(result.with_user(self.board).own_score, 9)
        read = result.with_user(self.director)
        self.assertEqual(read.sudo().own_score, 9)
        self.assertEqual(read.own_score, 0)

    # ------------------------------------------------------------ nobody writes
    def test_nobody_writes(self):
        for name in PUBLISHED:
            row = self.rows(name)[0]
            for login, user in self.everybody.items():
                model = self.model(name, user)
                with self.subTest(model=name, user=login):
                    for operation in ("create", "write", "unlink"):
                        self.assertFalse(model.has_access(operation))
                    with mute_logger("odoo.addons.base.models.ir_rule"):
                        with self.assertRaises(AccessError):
                            row.with_env(model.env).unlink()
                        with self.assertRaises(AccessError):
                            model.create({})

    # ---------------------------------------------------------------- attacks
    def test_reading_by_id(self):
        comment = self.rows("comment").filtered(lambda row: row.text == SECRET)
        cells = self.rows("cell").filtered(lambda cell: cell.kind != "own")
        own = self.rows("cell").filtered(
            lambda cell: cell.kind == "own" and cell.rated_id == self.hr
        )
        criteria = self.rows("result.criterion").filtered(
            lambda row: row.result_id.unit_id == self.hr
        )
        for rows, name in (
            (comment, "text"),
            (cells[0], "score"),
            (own, "score"),
            (criteria[0], "score"),
        ):
            rows = rows.with_user(self.director)
            for read in (
                lambda rows=rows, name=name: rows.read([name]),
                lambda rows=rows, name=name: rows.web_read({name: {}}),
                lambda rows=rows, name=name: rows.export_data([name]),
                lambda rows=rows, name=name: rows.mapped(name),
                lambda rows=rows: rows.check_access("read"),
            ):
                with (
                    self.subTest(rows=rows),
                    mute_logger("odoo.addons.base.models.ir_rule"),
                    self.assertRaises(AccessError),
                ):
                    read()

    def test_searching_and_grouping(self):
        """By text, by unit and over the paths that lead there."""
        for name, domain in (
            ("comment", [("text", "ilike", "director of HR")]),
            ("comment", [("unit_id", "=", self.hr.id)]),
            ("comment", [("department_id", "=", self.department_hr.id)]),
            ("comment", [("unit_id.name", "=", "Hr")]),
            ("comment", [("tone", "=", "low")]),
            ("cell", [("kind", "!=", "own")]),
            ("cell", [("score", ">", 0), ("rated_id", "=", self.hr.id)]),
            ("cell", [("rater_id", "!=", self.it.id)]),
            ("cell", [("sign", "!=", False)]),
            ("result.criterion", [("result_id.unit_id", "=", self.hr.id)]),
            ("result.criterion", [("result_id.department_id.name", "=", "Hr")]),
        ):
            model = self.model(name, self.director)
            with self.subTest(model=name, domain=domain):
                self.assertFalse(model.search(domain))
                self.assertEqual(model.search_count(domain), 0)
                self.assertFalse(model.search_read(domain, ["display_name"]))
                self.assertFalse(model.name_search("", domain))
                total = model.formatted_read_group(domain, [], ["__count"])
                self.assertEqual([group["__count"] for group in total], [0])

    def test_profiles_of_others_over_their_results(self):
        """A result is readable; what hangs on it is not, nor can it be guessed."""
        result = self.rows("result").filtered(lambda row: row.unit_id == self.hr)
        row = result.with_user(self.director)
        self.assertFalse(row.criterion_ids)
        self.assertEqual(row.read(["criterion_ids"])[0]["criterion_ids"], [])
        model = self.model("result", self.director)
        for leaf in (
            ("criterion_ids.score", ">", 0),
            ("criterion_ids.respondents", ">", 0),
            ("criterion_ids", "any", [("view", "=", "own")]),
        ):
            with self.subTest(leaf=leaf):
                found = model.search([leaf])
                self.assertLessEqual(found.unit_id, self.it)
        exported = row.export_data(["score", "criterion_ids/score"])["datas"]
        self.assertEqual([line[1:] for line in exported], [[""]])
        with self.assertRaises(ValueError):
            model._read_group([], ["criterion_ids"], ["__count"])

    def test_own_view_can_neither_be_searched_nor_grouped(self):
        model = self.model("result", self.director)
        for name in ("own_score", "own_respondents", "has_own_score"):
            with self.subTest(field=name):
                with self.assertRaises(ValueError):
                    model.search([(name, "!=", False)])
                with self.assertRaises(ValueError):
                    model._read_group([], [name])
                with self.assertRaises(ValueError):
                    model.search([], order=name)

    def test_paths_from_what_everybody_reads(self):
        """No field of a campaign, unit or department leads to a row he may not see."""
        guarded = {f"kpi.survey.{name}" for name in PUBLISHED}
        forbidden = {
            "kpi.survey.comment": self.rows("comment").filtered(
                lambda row: row.unit_id != self.it
            ),
            "kpi.survey.cell": self.rows("cell").filtered(
                lambda row: row.kind != "own" or row.rated_id != self.it
            ),
        }
        for model_name in (
            "kpi.survey.campaign",
            "kpi.survey.unit",
            "kpi.survey.result",
            "hr.department",
            "hr.employee.public",
        ):
            model = self.env[model_name].with_user(self.director)
            for name, field in model._fields.items():
                if field.comodel_name not in guarded or field.type == "many2one":
                    continue
                with self.subTest(field=f"{model_name}.{name}"):
                    found = model.search([])[name]
                    rows = forbidden.get(field.comodel_name)
                    if rows is not None:
                        self.assertFalse(found & rows)
                    self.assertTrue(model.env.user.has_group("base.group_user"))

    def test_tables_behind_it_are_nobodys(self):
        for name in ("ballot", "sealed"):
            for user in self.everybody.values():
                self.assertFalse(self.model(name, user).has_access("read"))

    # ----------------------------------------------------------------- hidden
    def test_hidden_figures_are_nowhere(self):
        """Three people of Risk gave HR a 3: not even a column of the table says so."""
        cell = self.rows("cell").filtered(
            lambda row: row.rater_id == self.risk and row.rated_id == self.hr
        )
        self.assertTrue(cell.is_hidden)
        for name in PUBLISHED:
            table = self.env[f"kpi.survey.{name}"]._table
            columns = self.env[f"kpi.survey.{name}"]._fields
            if "is_hidden" not in columns:
                continue
            numbers = {"respondents", "score", "total", "squares", "margin"}
            numbers = [c for c in (*numbers, "band_id", "rank", "sign") if c in columns]
            self.env.cr.execute(
                f"SELECT {', '.join(numbers)} FROM {table} WHERE is_hidden"
            )
            for values in self.env.cr.fetchall():
                self.assertEqual(set(values), {None})
