"""Texts that strangers send."""


def printable(value, most):
    """A text that can be stored and shown on one line; empty for anything else.

    :param int most: characters
    """
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value[:most] if sign.isprintable())
