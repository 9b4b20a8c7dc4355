"""Numbers as people type them, for messages."""


def plain_number(number: float, point: str = ".", decimals: int = 6, sign="") -> str:
    """All digits that matter, and no exponent: 4600000, not 4.6e+06.

    :param point: the decimal point of the reader's language
    :param decimals: the most decimals shown
    :param sign: ``+`` to write it for positive numbers, too

    >>> plain_number(0.95), plain_number(4.6e6), plain_number(0.05, ",", sign="+")
    ('0.95', '4600000', '+0,05')
    """
    text = f"{number:{sign}.{decimals}f}"
    return text.rstrip("0").rstrip(".").replace(".", point)
