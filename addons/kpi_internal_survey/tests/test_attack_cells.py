"""Whoever reads all that he may, of two cycles, computes what is hidden - and fails.

Unlike ``tests/unit/test_survey_recovery.py`` this goes the way of people: the figures
are read from the database by the rights of a user, as lists, boards and exports do.
"""

from collections import Counter, defaultdict
from fractions import Fraction
from random import Random
from unittest.mock import patch

from odoo.tests import tagged

from ..tools import figures, suppression
from .survey_common import SurveyCase

K = 5
# Where figures stand, and over which path their campaign is.
FIGURES = {
    "cell": "campaign_id",
    "result": "campaign_id",
    "result.criterion": "result_id.campaign_id",
}


@tagged("post_install", "-at_install")
class TestAttackCells(SurveyCase):
    """Everybody marks all criteria: then these add up to the scores, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.board, cls.manager, cls.director):
            user.group_ids += cls.env.ref("base.group_allow_export")

    def two_cycles(self, seed):
        """
        :return: what is too small to be known, by what it is of
        """
        secrets = set()
        for cycle in range(2):
            campaign = self._create_campaign(f"Seed {seed}, cycle {cycle}")
            if cycle:
                campaign.previous_id = self.cycles[0]
                self.cycles += campaign
            else:
                self.cycles = campaign
            self._set_state(self.campaign, "closed")
            self._run(campaign)
            self._name_units(campaign)
            ballots = self.random_ballots(seed * 10 + cycle)
            self.count(ballots, campaign, state="published")
            secrets |= self.secrets_of(campaign, ballots)
        return secrets

    def random_ballots(self, seed):
        rng = Random(seed)
        units = self.it.campaign_id.unit_ids.sorted("id")  # in the order of creation
        places = range(len(units))
        ballots = []
        for place in places:
            usual = rng.sample([other for other in places if other != place], 3)
            for _person in range(rng.choice((2, 6, 9, 12))):
                rated = {place, *usual}
                if rng.random() < 0.2:  # rarely somebody else: a cell of few people
                    rated.add(rng.choice(places))
                marks = {
                    units[other]: rng.randint(5 + other % 4, 10)
                    for other in sorted(rated)
                }
                ballots.append(self.ballot(units[place], marks))
        rng.shuffle(ballots)
        return ballots

    def secrets_of(self, campaign, ballots):
        """Figures of fewer than k people, straight from the ballots."""
        people = Counter()
        submitted = Counter(ballot["unit"] for ballot in ballots)
        for ballot in ballots:
            unit = ballot["unit"]
            rater = unit if submitted[unit] >= K else False
            for rating in ballot["ratings"]:
                rated = rating["unit"]
                if rated == unit:
                    people[campaign.id, "own", unit] += 1
                else:
                    people[campaign.id, "cell", rater, rated] += 1
                    people[campaign.id, "column", rated] += 1
        return {key for key, count in people.items() if count < K}

    # ----------------------------------------------------------- what is read
    def read_as(self, user):
        """Every figure that somebody reads, by what it is of: a sum, or None."""
        found = {}
        for name, path in FIGURES.items():
            model = self.env[f"kpi.survey.{name}"].with_user(user)
            rows = model.search([(path, "in", self.cycles.ids)])
            exported = rows.export_data(["is_hidden", "respondents", "score"])["datas"]
            for row, (is_hidden, people, score) in zip(rows, exported, strict=True):
                key = self.key_of(row)
                if key is None:
                    continue
                self.assertEqual(
                    (is_hidden, people or 0, score or 0),
                    (row.is_hidden, row.respondents, row.score),
                )
                total = None if is_hidden else Fraction(str(row.score)) * people
                found[key] = total
        return found

    def key_of(self, row):
        if row._name == "kpi.survey.result.criterion":
            unit, criterion = row.result_id.unit_id.id, row.criterion_id.id
            campaign = row.result_id.campaign_id.id
            if row.view == "own":
                return campaign, "own criterion", unit, criterion
            return campaign, "criterion", unit, criterion
        campaign = row.campaign_id.id
        if row._name == "kpi.survey.result":
            if not (row.has_score or row.is_hidden):
                return None
            return (
                (campaign, "column", row.unit_id.id)
                if row.unit_id
                else (campaign, "total")
            )
        return {
            "cell": (campaign, "cell", row.rater_id.id, row.rated_id.id),
            "own": (campaign, "own", row.rated_id.id),
            "row": (campaign, "row", row.rater_id.id),
            "column": (campaign, "column", row.rated_id.id),
            "total": (campaign, "total"),
        }[row.kind]

    # ------------------------------------------------------- what is computed
    def equations(self, read):
        """Sums of figures that come to nothing, with their factors."""
        lines = defaultdict(dict)
        criteria = -len(self.criteria)
        for key in read:
            campaign, kind, *rest = key
            for line, who, factor in {
                "cell": lambda rater, rated: (("of", rater, 1), ("for", rated, 1)),
                "row": lambda rater: (("of", rater, -1), ("all of", None, 1)),
                "column": lambda rated: (
                    ("for", rated, -1),
                    ("all for", None, 1),
                    ("profile", rated, criteria),
                ),
                "total": lambda: (
                    ("all of", None, -1),
                    ("all for", None, -1),
                    ("profile", False, criteria),
                ),
                "own": lambda unit: (("own profile", unit, criteria),),
                "criterion": lambda unit, criterion: (
                    ("profile", unit, 1),
                    ("by", criterion, 1 if unit else -1),
                ),
                "own criterion": lambda unit, _criterion: (("own profile", unit, 1),),
            }[kind](*rest):
                lines[campaign, line, who][key] = factor
        return lines

    def complete(self, lines, user):
        """Who does not read the matrix, or other units' profiles, lacks their parts."""
        if user == self.board:
            return lines.values()
        lacking = {"of", "for", "all of"}
        if user == self.director:
            lacking.add("by")
        led = self.departments["it"]
        return [
            line
            for (_campaign, kind, who), line in lines.items()
            if kind not in lacking
            and (
                user == self.manager
                or kind not in ("profile", "own profile")
                or not who
                or self.env["kpi.survey.unit"].browse(who).department_id == led
            )
        ]

    def recovered(self, user):
        """The hidden figures that have one value only in all solutions."""
        read = self.read_as(user)
        unknowns = [key for key, total in read.items() if total is None]
        rows = [
            [Fraction(line.get(key, 0)) for key in unknowns]
            for line in self.complete(self.equations(read), user)
        ]
        return {unknowns[place] for place in alone(rows)}

    # ---------------------------------------------------------------- attacks
    def test_hidden_figures_stay_hidden(self):
        for seed in range(3):
            secrets = self.two_cycles(seed)
            self.assertTrue(secrets)
            for user in (self.board, self.manager, self.director):
                with self.subTest(seed=seed, user=user.login):
                    read = self.read_as(user)
                    self.assertFalse(
                        {key for key in secrets if read.get(key) is not None}
                    )
                    self.assertFalse(self.recovered(user) & secrets)

    def test_without_secondary_suppression_they_are_found(self):
        """The program is able to: so its failure means something."""
        found = 0
        with patch.object(figures, "suppress", only_small_ones):
            for seed in range(3):
                secrets = self.two_cycles(seed)
                found += len(self.recovered(self.board) & secrets)
        self.assertGreater(found, 2)


def only_small_ones(cells, minimum, fixed=None):
    """Somebody who has not thought of subtraction."""
    table = suppression._Table(cells, minimum, fixed or {})
    with (
        patch.object(table, "_mend_lines", return_value=False),
        patch.object(table, "_mend_bridges", return_value=False),
    ):
        return table.protected()


def alone(rows):
    """Columns that stand alone in a row of the reduced echelon form."""
    reduced, column = [], 0
    rows = [row for row in rows if any(row)]
    while rows and column < len(rows[0]):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is not None:
            rows.remove(pivot)
            pivot = [value / pivot[column] for value in pivot]
            rows = [minus(row, pivot, row[column]) for row in rows]
            reduced = [minus(row, pivot, row[column]) for row in reduced] + [pivot]
        column += 1
    for row in reduced:
        places = [place for place, value in enumerate(row) if value]
        if len(places) == 1:
            yield places[0]


def minus(row, other, factor):
    if not factor:
        return row
    return [one - factor * two for one, two in zip(row, other, strict=True)]
