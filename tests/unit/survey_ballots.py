"""Random campaigns: ballots as they lie in the boxes, for tests without a database."""

from random import Random

CRITERIA = (101, 102, 103, 104)


def random_ballots(seed, units=9, people=8, partners=3, habit=0.75, skip=0.0):
    """
    :param people: of each unit at most; some units are very small
    :param partners: units that a unit works with most
    :param habit: how often one of them is rated
    :param skip: how often a criterion is left unmarked
    :return: ``(unit numbers, ballots)``
    """
    rng = Random(seed)
    numbers = list(range(1, units + 1))
    ballots = []
    for unit in numbers:
        others = [other for other in numbers if other != unit]
        usual = rng.sample(others, min(partners, len(others)))
        for _person in range(rng.choice((2, people // 2, people, people))):
            rated = {unit} if rng.random() < 0.8 else set()
            for _rating in range(rng.randint(1, partners + 1)):
                rated.add(rng.choice(usual if rng.random() < habit else others))
            ballots.append(random_ballot(rng, unit, sorted(rated), skip))
    rng.shuffle(ballots)
    return numbers, ballots


def random_ballot(rng, unit, rated, skip):
    ratings = []
    for other in rated:
        level = 4 + (unit * 7 + other * 3) % 5
        kept = [c for c in CRITERIA if rng.random() >= skip] or [rng.choice(CRITERIA)]
        marks = {
            str(criterion): min(10, max(1, round(rng.gauss(level, 1.5))))
            for criterion in kept
        }
        ratings.append({"unit": other, "marks": marks, "comment": ""})
    return {"unit": unit, "ratings": ratings, "votes": []}
