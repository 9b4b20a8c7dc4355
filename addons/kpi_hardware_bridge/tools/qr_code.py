"""Texts that are scanned instead of typed."""

import io

import qrcode


def qr_code(text):
    """:return: a PNG, made here: in the address of a picture a secret would be logged"""
    picture = io.BytesIO()
    qrcode.make(text, box_size=8, border=2).save(picture, format="PNG")
    return picture.getvalue()
