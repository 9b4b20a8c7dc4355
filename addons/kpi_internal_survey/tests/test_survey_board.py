from odoo.tests import tagged

from .survey_common import PEOPLE, SurveyCase

LOW, HIGH = 4, 8


@tagged("post_install", "-at_install")
class TestSurveyBoard(SurveyCase):
    """What the two screens get from the server, against sums done by hand."""

    @classmethod
    def everybody(cls, marks, own=9, raters=None, **kwargs):
        """A ballot of each person: the same marks for the units, without the own.

        :param marks: by rated unit, a number or a list by criterion
        """
        return [
            cls.ballot(
                unit,
                {unit: own, **{r: mark for r, mark in marks.items() if r != unit}},
                **kwargs,
            )
            for unit in raters or cls.people
            for _person in cls.people[unit]
        ]

    def results(self, user=None, **filters):
        board = self.env["kpi.survey.board"].with_user(user or self.board)
        return board.get_results(**filters)

    def matrix(self, user=None, **filters):
        return (
            self.env["kpi.survey.board"]
            .with_user(user or self.board)
            .get_matrix(**filters)
        )

    def unit_results(self, unit, **filters):
        return self.results(unit_id=unit.id, **filters)

    def next_cycle(self, ballots):
        """The same company a year later; ``self.it`` and the like are of that cycle."""
        first = self.campaign
        self.addCleanup(self._name_units, first)  # the names are of the class
        second = self._create_campaign(
            "Cycle 2", date_from="2026-11-02", date_to="2026-11-20"
        )
        second.sudo().write({"previous_id": first.id})
        self._run(second)
        self._name_units(second)
        self.count(ballots(), second, state="published")
        return second

    # ---------------------------------------------------------------- results
    def test_nothing_is_counted_yet(self):
        results = self.results()
        self.assertIn("closed", results["empty"])
        self.assertFalse(results["campaigns"])
        self.assertEqual(self.matrix()["cells"], [])

    def test_the_company_and_the_ranking(self):
        marks = {self.it: 8, self.hr: 6, self.finance: 6}
        self.count(self.everybody(marks))
        results = self.results()
        # 8 units rate each of the three: (8 + 6 + 6) / 3
        self.assertEqual(results["company"]["score"], 6.67)
        self.assertEqual(results["company"]["people"], 3 * 8 * PEOPLE)
        self.assertEqual(results["company"]["band"], "Meets expectations")
        self.assertFalse(results["company"]["change"])
        self.assertEqual(
            [(row["name"], row["rank"], row["state"]) for row in results["ranking"]],
            [
                ("It", 1, "shown"),
                ("Finance", 2, "shown"),
                ("Hr", 2, "shown"),
                ("Legal", False, "none"),
                ("Marketing", False, "none"),
                ("Risk", False, "none"),
            ],
        )
        self.assertEqual(results["best_units"], ["It"])

    def test_too_few_is_not_no_data(self):
        marks = {self.it: HIGH, self.hr: HIGH}
        ballots = self.everybody(marks)
        ballots[0]["ratings"].append(
            self.ballot(self.it, {self.legal: 2})["ratings"][0]
        )
        self.count(ballots)
        rows = {row["name"]: row for row in self.results()["ranking"]}
        self.assertEqual(rows["Legal"]["state"], "hidden")
        self.assertEqual(rows["Risk"]["state"], "none")
        for name in ("Legal", "Risk"):
            self.assertIsNone(rows[name]["score"])
            self.assertIsNone(rows[name]["people"])
            self.assertIsNone(rows[name]["margin"])

    def test_a_unit_by_criterion_beside_itself_and_the_company(self):
        marks = {self.it: [6, 7, 8, 9], self.hr: [8, 8, 8, 8]}
        self.count(self.everybody(marks, own=10))
        results = self.unit_results(self.it)
        unit = results["unit"]
        self.assertEqual(unit["name"], "It")
        self.assertEqual(unit["score"], 7.5)
        self.assertEqual(unit["rank"], 2)
        self.assertEqual(unit["own"], {"state": "shown", "score": 10, "people": PEOPLE})
        self.assertEqual(
            [
                (
                    group["name"],
                    [
                        (
                            row["key"],
                            row["others"]["score"],
                            row["own"]["score"],
                            row["company"]["score"],
                        )
                        for row in group["criteria"]
                    ],
                )
                for group in results["groups"]
            ],
            [
                (
                    "Attitude",
                    [("answers", 6, 10, 7), ("responsibility", 7, 10, 7.5)],
                ),
                ("Execution", [("speed", 8, 10, 8)]),
                ("Communication", [("respect", 9, 10, 8.5)]),
            ],
        )

    def test_a_change_is_told_from_noise(self):
        """4 and 8 in turns differ by chance from the same with one person more."""

        def in_turns(mark):
            ballots = self.everybody({self.it: HIGH, self.hr: HIGH})
            for number, ballot in enumerate(ballots):
                for rating in ballot["ratings"]:
                    if rating["unit"] == self.hr.id:
                        value = LOW if number % 2 else mark
                        rating["marks"] = dict.fromkeys(rating["marks"], value)
                    if rating["unit"] == self.it.id and mark == 9:
                        rating["marks"] = dict.fromkeys(rating["marks"], 9)
            return ballots

        self.count(in_turns(8), state="published")
        self.next_cycle(lambda: in_turns(9))
        noise = self.unit_results(self.hr)["unit"]["change"]
        self.assertEqual(noise["campaign"], "Cycle 1")
        self.assertAlmostEqual(noise["difference"], 0.5, 9)
        self.assertFalse(noise["is_certain"])
        certain = self.unit_results(self.it)["unit"]["change"]
        self.assertEqual(certain["difference"], 1)
        self.assertTrue(certain["is_certain"])

    def test_hidden_before_has_no_difference(self):
        few = self.everybody({self.it: HIGH})
        few[0]["ratings"] += self.ballot(self.it, {self.hr: 2})["ratings"]
        self.count(few, state="published")
        self.next_cycle(lambda: self.everybody({self.it: HIGH, self.hr: HIGH}))
        change = self.unit_results(self.hr)["unit"]["change"]
        self.assertEqual(change["before"]["state"], "hidden")
        self.assertIsNone(change["difference"])
        self.assertFalse(change["is_certain"])

    def test_cycles_are_compared_by_the_keys_of_criteria(self):
        self.count(self.everybody({self.it: [5, 6, 7, 8]}), state="published")
        second = self.next_cycle(lambda: self.everybody({self.it: [6, 7, 8, 9]}))
        results = self.unit_results(self.it)
        self.assertEqual(results["filters"]["campaign_id"], second.id)
        self.assertEqual(
            [
                (cycle["name"], cycle["unit"]["criteria"]["speed"]["score"])
                for cycle in results["trend"]
            ],
            [("Cycle 1", 7), ("Cycle 2", 8)],
        )
        first = self.results(campaign_id=self.campaign.id)
        self.assertEqual([cycle["name"] for cycle in first["trend"]], ["Cycle 1"])

    def test_comments_people_advice_and_actions(self):
        ballots = self.everybody(
            {self.it: 2, self.hr: 6}, votes=[self.employees["hr"][1]]
        )
        for ballot in ballots:
            if ballot["unit"] == self.hr.id:
                ballot["votes"] = []
        texts = ["Slow", "Nobody answers"]
        for ballot, text in zip(ballots[-2:], texts, strict=True):
            for rating in ballot["ratings"]:
                if rating["unit"] == self.it.id:
                    rating["comment"] = text
        self.count(ballots)
        self.env["kpi.survey.recommendation"].create(
            [
                {"campaign_id": self.campaign.id, "text": "Name who answers."},
                {"campaign_id": self.campaign.id, "text": "Wait", "is_draft": True},
                {
                    "campaign_id": self.campaign.id,
                    "unit_id": self.hr.id,
                    "text": "Not for IT.",
                },
            ]
        )
        action = self.env["kpi.survey.board"].action_improve(
            self.campaign.id, self.it.id
        )
        self.assertEqual(action["context"]["default_name"], "Internal service of It")
        context = {"default_user_id": self.manager.id, **action["context"]}
        self.env["kpi.improvement"].with_context(**context).create({})
        results = self.unit_results(self.it)
        self.assertCountEqual([row["text"] for row in results["comments"]], texts)
        self.assertEqual({row["tone"] for row in results["comments"]}, {"low"})
        [best] = results["best_people"]
        self.assertEqual((best["name"], best["unit"], best["place"]), ("Hr 2", "Hr", 1))
        self.assertTrue(best["is_best"])
        self.assertEqual(
            [row["text"] for row in results["recommendations"]], ["Name who answers."]
        )
        self.assertEqual(
            [(row["name"], row["state"]) for row in results["improvements"]],
            [("Internal service of It", "open")],
        )
        self.assertEqual(self.unit_results(self.hr)["improvements"], [])

    def test_participation_of_the_company_is_the_same_everywhere(self):
        ballots = self.env["kpi.survey.ballot"].sudo()
        ballots.create(
            [
                {
                    "campaign_id": self.campaign.id,
                    "unit_id": unit.id,
                    "code_hash": f"{unit.id}-{number}",
                    "is_submitted": unit != self.it or not number,
                }
                for unit in self.people
                for number in range(PEOPLE)
            ]
        )
        self.count(self.everybody({self.hr: HIGH}))
        participation = self.results()["company"]["participation"]
        self.assertEqual(participation["share"], 100 * (8 * PEOPLE + 1) / (9 * PEOPLE))
        self.assertEqual(self.campaign.submitted_percent, 91)

    # ----------------------------------------------------------------- matrix
    def test_the_matrix_has_all_cells_and_margins(self):
        self.count(self.everybody({self.it: 8, self.hr: 6}))
        matrix = self.matrix()
        rows = {tuple(row[:3]): row[3:] for row in matrix["cells"]}
        it, hr, finance = self.it.id, self.hr.id, self.finance.id
        self.assertEqual(rows["cell", finance, it], [8, PEOPLE, "shown", ""])
        self.assertEqual(rows["cell", it, hr], [6, PEOPLE, "shown", ""])
        # Of a row: marks, two of each person.
        self.assertEqual(rows["row", finance, 0], [7, 2 * PEOPLE, "shown", ""])
        self.assertEqual(rows["column", 0, it], [8, 8 * PEOPLE, "shown", ""])
        self.assertEqual(rows["total", 0, 0][0], 7)
        own = [row for row in matrix["cells"] if row[0] == "own"]
        self.assertEqual(len(own), 9)
        self.assertEqual({row[3] for row in own}, {9})
        self.assertNotIn(("cell", it, it), rows)
        self.assertEqual(
            [band["mark_from"] for band in matrix["bands"]], [1, 5, 7, 9, 10]
        )

    def test_a_conflict_stands_in_its_cell(self):
        ballots = self.everybody(dict.fromkeys(self.head_office, HIGH))
        for ballot in ballots:
            for rating in ballot["ratings"]:
                if ballot["unit"] == self.it.id and rating["unit"] == self.hr.id:
                    rating["marks"] = dict.fromkeys(rating["marks"], 2)
        self.count(ballots)
        signs = {tuple(row[1:3]): row[6] for row in self.matrix()["cells"] if row[6]}
        self.assertEqual(signs, {(self.it.id, self.hr.id): "conflict"})

    def test_a_cell_of_too_few_has_neither_mark_nor_people(self):
        ballots = self.everybody(dict.fromkeys(self.head_office, HIGH))
        of_legal = [b for b in ballots if b["unit"] == self.legal.id]
        for ballot in of_legal[2:]:
            ballot["ratings"] = [
                rating for rating in ballot["ratings"] if rating["unit"] != self.hr.id
            ]
        self.count(ballots)
        rows = {tuple(row[:3]): row[3:] for row in self.matrix()["cells"]}
        self.assertEqual(
            rows["cell", self.legal.id, self.hr.id], [None, None, "hidden", ""]
        )
        self.assertNotIn(("cell", self.it.id, self.north.id), rows)

    def test_statements_do_not_grow_with_the_cells(self):
        self.count(
            self.everybody({self.it: HIGH}, raters=[self.it, self.hr]),
            state="published",
        )
        second = self.next_cycle(
            lambda: self.everybody(dict.fromkeys(self.head_office, HIGH))
        )
        counts = []
        for campaign in (self.campaign, second):
            self.matrix(campaign_id=campaign.id)  # caches of groups and rules
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            cells = self.matrix(campaign_id=campaign.id)["cells"]
            counts.append((self.cr.sql_log_count - before, len(cells)))
        (statements, few), (statements_2, many) = counts
        self.assertGreater(many, 4 * few)
        self.assertEqual(statements_2, statements)
        self.assertLess(statements, 25)
