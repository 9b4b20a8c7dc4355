"""The codes of ballots: what they are derived from, how they are written and read."""

import hashlib

# Crockford's base32: no I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BYTES = 10
SIZE = BYTES * 8 // 5
GROUP = 4
_MEANT = str.maketrans("ILO", "110", " -\u2010\u2011\u2012\u2013\u2014\u00a0\t\r\n")


def code(secret, *what):
    """Derive the code of somebody or something.

    :param bytes secret: of the campaign
    :param what: e.g. ``"slip", unit id, number``
    :return: 80 bits as ``XXXX-XXXX-XXXX-XXXX``
    """
    message = ":".join(map(str, what)).encode()
    digest = hashlib.blake2b(
        message, digest_size=BYTES, key=secret, person=b"kpi code"
    ).digest()
    number = int.from_bytes(digest, "big")
    letters = [ALPHABET[number >> 5 * place & 31] for place in reversed(range(SIZE))]
    return "-".join(
        "".join(letters[start : start + GROUP]) for start in range(0, SIZE, GROUP)
    )


def plain(text):
    """A code as somebody typed it, without dashes, in the letters that are meant.

    :return: 16 characters, or None when it cannot be a code
    """
    if not isinstance(text, str) or len(text) > 4 * SIZE:
        return None
    text = text.upper().translate(_MEANT)
    return text if len(text) == SIZE and set(text) <= set(ALPHABET) else None


def code_hash(token, text):
    """What the database knows of a code.

    :param token: of the campaign, so that equal codes of two campaigns differ
    :return: hexadecimal SHA-256, or None when ``text`` cannot be a code
    """
    letters = plain(text)
    return letters and hashlib.sha256(f"{token}:{letters}".encode()).hexdigest()
