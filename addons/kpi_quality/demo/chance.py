"""Chance that is the same every time: it follows from the key alone."""

from hashlib import blake2b


def share(*key):
    """A number from 0 up to 1 (1 excluded)."""
    digest = blake2b("|".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def between(low, high, *key):
    """A number from ``low`` up to ``high``."""
    return low + (high - low) * share(*key)


def choose(options, *key):
    """One of the options, all equally likely."""
    return options[int(share(*key) * len(options))]


def choose_weighted(weights, *key):
    """A key of ``{option: weight}``, in proportion to the weights."""
    point = share(*key) * sum(weights.values())
    for option, weight in weights.items():
        point -= weight
        if point < 0:
            return option
    return option
