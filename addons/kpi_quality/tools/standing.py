"""How a figure stands beside what is usual."""

TOLERANCE = 1e-6


def standing(value, margin, reference, rising):
    """Say whether a figure differs from its reference value by more than chance.

    :param value: None for no data
    :param margin: half the width of its interval, 0 for a figure that is exact, None
        when there are too few cases to say
    :param reference: None when nobody knows what is usual
    :param rising: whether more is better
    :return: ``worse``, ``better``, ``usual`` (the reference lies in the interval), or
        ``""`` when it cannot be said
    """
    if None in (value, margin, reference):
        return ""
    distance = value - reference if rising else reference - value
    if distance > margin + TOLERANCE:
        return "better"
    if distance < -margin - TOLERANCE:
        return "worse"
    return "usual"
