"""How many took part: nothing that tells of a few people."""


def hidden_units(counts, least):
    """Which units' participation is not shown.

    Hidden are units where fewer than ``least`` people were invited or have answered.
    The total is known, so the hidden ones together are its rest: they are several
    units with ``least`` answers at least, or the next smallest unit is hidden too.

    :param dict counts: ``{unit: (invited, submitted)}``; units can be sorted
    :return: set of units
    """
    hidden = {unit for unit, count in counts.items() if min(count) < least}
    shown = sorted(counts.keys() - hidden, key=lambda unit: (counts[unit][1], unit))
    while hidden and shown and _tells(hidden, counts, least):
        hidden.add(shown.pop(0))
    return hidden


def _tells(hidden, counts, least):
    return len(hidden) == 1 or sum(counts[unit][1] for unit in hidden) < least


def shown_total(counts, least):
    """:return: how many answered in all; None when too few to be shown"""
    total = sum(submitted for _invited, submitted in counts.values())
    return total if total >= least else None


def percent(submitted, invited):
    """In whole percent, rounded half up; 100 says that really everybody answered."""
    if not invited or submitted >= invited:
        return 100 if invited else 0
    return min((200 * submitted + invited) // (2 * invited), 99)
