"""The lines of a serial console, however the wire cuts them."""

from hypothesis import given
from hypothesis import strategies as st
from kpi_lib.lines import LONGEST, LineDecoder
from pytest import mark

presses = st.tuples(st.integers(1, 99), st.integers(0, 999_999))
noise = st.binary(max_size=3 * LONGEST).map(lambda data: data.replace(b"\n", b"x"))


def line(button, held_ms):
    return b"P %d %04d" % (button, held_ms)


def decode(data, cuts=()):
    decoder = LineDecoder()
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    found = []
    for start, end in zip(places, places[1:], strict=False):
        found += decoder.feed(data[start:end])
    return [tuple(press) for press in found], decoder.noise


@mark.parametrize(
    "data, expected, errors",
    [
        (b"P 1 0120\n", [(1, 120)], 0),
        (b"P 1 0120\r\nP 12 5\r\n", [(1, 120), (12, 5)], 0),
        (b"T\r\nT\n\n", [], 0),
        (b"P 1 0120", [], 0),  # the end of the line is not here yet
        (b"P 0 0120\n", [], 1),
        (b"P 100 0120\n", [], 1),
        (b"P 1 -5\n", [], 1),
        (b"P  1 0120\n", [], 1),
        (b"p 1 0120\n", [], 1),
        (b" P 1 0120\n", [], 1),
        (b"P 1 0120 \n", [], 1),
        ("P 1 ١\n".encode(), [], 1),
        (b"0120\nP 2 0300\n", [(2, 300)], 1),  # opened in mid-line
        (b"\x00\xff" * 400 + b"\nP 2 0300\n", [(2, 300)], 1),
    ],
)
def test_line(data, expected, errors):
    assert decode(data) == (expected, errors)


@given(st.lists(presses), st.lists(st.integers(0, 10_000)))
def test_cuts_change_nothing(items, cuts):
    data = b"".join(line(*item) + b"\r\n" for item in items)
    assert decode(data, cuts) == (items, 0)


@given(
    st.lists(st.one_of(presses.map(lambda item: line(*item)), noise)),
    st.lists(st.integers(0, 10_000)),
)
def test_noise_spoils_its_own_line_only(lines, cuts):
    data = b"".join(item + b"\n" for item in lines)
    whole = decode(data)
    assert decode(data, cuts) == whole
    alone = [press for item in lines for press in decode(item + b"\n")[0]]
    assert whole[0] == alone


def test_the_wire_without_an_end_takes_no_memory():
    decoder = LineDecoder()
    for _time in range(1000):
        assert decoder.feed(b"U" * 1000) == []
    assert len(decoder._rest) <= LONGEST
    assert decoder.feed(b"\nP 3 0001\n") == [(3, 1)]
    assert decoder.noise == 1
