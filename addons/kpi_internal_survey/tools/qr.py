"""A picture that a phone's camera reads as text."""

from io import BytesIO

from PIL import Image
from reportlab.graphics.barcode import qrencoder

QUIET = 4  # modules of white around, as the standard asks
SCALE = 6  # pixels of a module: sharp on paper at 3 cm


def matrix(text: str) -> list[list[bool]]:
    """Give the modules of a QR code, True for black; 15 % of it may be spoiled."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    return code.modules


def png(text: str) -> bytes:
    """Give a QR code as a picture in black and white."""
    modules = matrix(text)
    size = len(modules) + 2 * QUIET
    picture = Image.new("1", (size, size), 1)
    for row, line in enumerate(modules):
        for column, is_black in enumerate(line):
            if is_black:
                picture.putpixel((QUIET + column, QUIET + row), 0)
    picture = picture.resize((size * SCALE, size * SCALE), Image.Resampling.NEAREST)
    stream = BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()
