"""Who would say what about whom: believable marks that are the same every time.

Nobody's answers are anybody's: a ballot belongs to a unit and has a number.
"""

from collections import defaultdict
from statistics import mean

from odoo.addons.kpi_quality.demo.chance import between, choose_weighted, share

from .survey_comments import COMMENTS

# How well each unit serves in the first cycle, the second, and now.
QUALITY = {
    "office": (7.4, 7.5, 7.6),
    "retail": (7.3, 7.4, 7.4),
    "web": (7.6, 7.8, 7.8),
    "central": (7.0, 7.1, 7.4),
    "procurement": (6.8, 6.8, 7.1),
    "delivery": (7.1, 7.3, 7.3),
    "accounting": (7.1, 7.4, 7.4),
    "finance": (6.9, 7.1, 7.1),
    "it": (5.7, 7.5, 7.5),
    "people": (7.4, 7.6, 7.6),
    "marketing": (7.5, 7.7, 7.7),
    "legal": (6.9, 6.8, 7.0),
}
# Who gets on with whom better or worse than others do.
RELATIONS = {
    ("procurement", "central"): -3.2,
    ("central", "procurement"): -3.0,
    ("marketing", "web"): 2.1,
    ("web", "marketing"): 2.1,
    ("msk", "delivery"): 0.6,
    ("vvo", "it"): -0.8,
}
# Criteria that people praise or complain about.
PROFILES = {
    ("it", "availability"): -0.9,
    ("it", "answers"): 0.6,
    ("legal", "promptness"): -1.3,
    ("legal", "answers"): 0.7,
    ("finance", "information"): -1.2,
    ("accounting", "commitments"): 0.7,
    ("marketing", "information"): -0.7,
    ("marketing", "willingness"): 0.6,
    ("people", "respect"): 0.8,
    ("delivery", "information"): -0.6,
}
OWN_PRIDE = 0.7
LOW_MARKS, HIGH_MARK = (1, 2), 10
# By the department and the number in it; everybody else gets a vote now and then.
STARS = {("marketing", 3): 26, ("accounting", 4): 21, ("it", 2): 15, ("people", 1): 9}


class Cycle:
    """The answers of one campaign.

    :param number: 0 and 1 of the finished ones, 2 of the running one
    :param codes: ``{kpi.survey.unit: code}``
    """

    def __init__(self, campaign, number, codes):
        self.campaign = campaign
        self.number = number
        self.codes = codes
        self.criteria = campaign.criterion_ids

    def ballots(self, answered):
        """:param answered: share of the invited
        :return: clear ballots, as they lie in the boxes
        """
        ballots = [
            self._ballot(unit, place)
            for unit, count in self._who_answers(answered).items()
            for place in range(count)
        ]
        if self.number < 2:
            self._comment(ballots)
        return ballots

    def _who_answers(self, answered):
        """:return: ``{unit: how many}``; some units are keener than others"""
        people = [
            (share(self.number, code, place) + between(0, 0.45, code, "keen"), unit)
            for unit, code in self.codes.items()
            for place in range(unit.invited)
        ]
        counts = defaultdict(int)
        people.sort(key=lambda item: item[0])
        for _keenness, unit in people[: round(answered * len(people))]:
            counts[unit] += 1
        return counts

    def _ballot(self, unit, place):
        own = self.codes[unit]
        rated = [unit] + [
            other
            for other in self.campaign._rated_units(unit)
            if self._works_with(own, self.codes[other], place)
        ]
        return {
            "unit": unit.id,
            "ratings": [self._rating(own, place, other) for other in rated],
            "votes": self._votes(unit, place),
        }

    def _works_with(self, own, other, place):
        usual = between(0.45, 0.9, own, other, "contact")
        often = 0.97 if (own, other) in RELATIONS else usual
        return share(self.number, own, other, place, "rates") < often

    def _rating(self, own, place, rated):
        code = self.codes[rated]
        level = (
            QUALITY.get(code, (7.4, 7.5, 7.5))[self.number]
            + (OWN_PRIDE if own == code else RELATIONS.get((own, code), 0.0))
            + between(-0.9, 0.9, self.number, own, place, "strict")
            + between(-1.3, 1.3, self.number, own, place, code)
        )
        marks = {}
        for criterion in self.criteria:
            key = (self.number, own, place, code, criterion.key)
            if share(*key, "skipped") < 0.04:
                continue
            mark = level + PROFILES.get((code, criterion.key), 0.0)
            marks[str(criterion.id)] = min(
                max(round(mark + between(-1, 1, *key)), 3), 9
            )
        return {"unit": rated.id, "marks": marks, "comment": ""}

    def _votes(self, unit, place):
        key = (self.number, self.codes[unit], place)
        weights = {
            employee: STARS.get(self._place_of(employee), 0.12)
            for employee in self.campaign._vote_candidates(unit)
        }
        votes = set()
        for number in range(int(share(*key, "votes") * 5.5)):
            votes.add(choose_weighted(weights, *key, "vote", number).id)
        return sorted(votes)

    def _place_of(self, employee):
        return self.places.get(employee.id)

    @property
    def places(self):
        """``{employee id: (code, number in the department)}``"""
        if not hasattr(self, "_places"):
            self._places = {}
            for unit, code in self.codes.items():
                people = self.campaign.participant_ids.filtered(
                    lambda row, unit=unit: row.unit_id == unit
                ).employee_id.sorted("id")
                for number, employee in enumerate(people):
                    self._places[employee.id] = (code, number)
        return self._places

    # ------------------------------------------------------------------ comments
    def _comment(self, ballots):
        """Give the comments to ratings that they fit, and extreme marks to those."""
        of_unit = defaultdict(list)
        for ballot in ballots:
            for rating in ballot["ratings"]:
                if rating["unit"] != ballot["unit"] and rating["marks"]:
                    of_unit[rating["unit"]].append(rating)
        for unit, code in self.codes.items():
            ratings = sorted(
                of_unit[unit.id], key=lambda rating: mean(rating["marks"].values())
            )
            texts = COMMENTS[code][self.number] if code in COMMENTS else {}
            for text in texts.get("low", ()):
                self._write(ratings.pop(0), text, LOW_MARKS, 3)
            for text in texts.get("high", ()):
                self._write(ratings.pop(), text, (HIGH_MARK,), 5)
            for number, text in enumerate(texts.get("plain", ())):
                place = int(share(code, self.number, number) * len(ratings))
                ratings.pop(place)["comment"] = text

    def _write(self, rating, text, extremes, count):
        rating["comment"] = text
        for number, criterion in enumerate(list(rating["marks"])[:count]):
            rating["marks"][criterion] = extremes[number % len(extremes)]
