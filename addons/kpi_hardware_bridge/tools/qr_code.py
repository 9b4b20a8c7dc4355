"""Texts that are scanned instead of typed."""

import io

import qrcode


def qr_code(text):
    """Made here: in the address of a picture a secret would stay in logs.

    :return: bytes of a PNG
    """
    picture = io.BytesIO()
    qrcode.make(text, box_size=8, border=2).save(picture, format="PNG")
    return picture.getvalue()
