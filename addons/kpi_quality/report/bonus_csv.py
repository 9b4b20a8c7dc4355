"""A bonus run as csv: a row per line, for other programs and for Excel.

Excel opens a csv file by the conventions of its own country: where decimals have a
comma, as in Russia, columns are separated by semicolons, and a decimal point would make
a date of 12.05. So the file follows the decimal mark of the reader's language. Figures
are plain: no grouping, no currency, no rounding beyond what is stored; dates are ISO.
"""

import csv
import io

_TRIGGERS = tuple("=+-@\t\r\n") + tuple("＝＋－＠")


def write_csv(run, labels, decimal_point) -> bytes:
    """Write a run as csv, in UTF-8 with a byte order mark, by which Excel knows it.

    :param run: :class:`~.bonus_data.Run`
    :param labels: :class:`~.bonus_data.Labels`
    :param decimal_point: of the reader's language
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if decimal_point == "," else ",")
    writer.writerow(_headings(labels))
    for person in run.people:
        for line in person.lines:
            writer.writerow(
                str(value).replace(".", decimal_point)
                if isinstance(value, float)
                else _harmless(value)
                for value in _values(run, labels, person, line)
            )
    return buffer.getvalue().encode("utf-8-sig")


def _headings(labels):
    return [
        labels.line_id,
        labels.period,
        labels.date_from,
        labels.date_to,
        labels.employee_id,
        labels.employee,
        labels.department,
        labels.position,
        labels.kind,
        labels.scheme,
        labels.coefficient,
        labels.premium,
        labels.proration,
        labels.share,
        labels.percent,
        labels.before_fund,
        labels.fund_factor,
        labels.amount,
        labels.currency,
        labels.note,
    ]


def _values(run, labels, person, line):
    bonus = line.bonus
    return [
        line.key,
        run.period,
        run.date_from,
        run.date_to,
        person.key,
        person.name,
        line.department,
        line.position,
        labels.kinds[line.kind],
        *(
            (
                bonus.scheme,
                bonus.coefficient,
                bonus.premium,
                bonus.proration,
                bonus.share,
                bonus.percent,
            )
            if bonus
            else (None,) * 6
        ),
        line.before_fund,
        line.fund_factor,
        line.amount,
        run.currency,
        line.note,
    ]


def _harmless(value):
    """Keep words words: an apostrophe before what a spreadsheet would calculate."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_TRIGGERS):
        return f"'{value}"
    return value
