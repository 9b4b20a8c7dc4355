"""From the atoms of figures (``atom``, ``measured_day``) to one row for each figure:
position, numerator, denominator, sample and sum of squares (of ratios and sums only).
"""

from odoo.tools import SQL

ROLLUPS = {
    "sum": SQL(
        """
        SELECT
            position,
            SUM(numerator),
            SUM(denominator),
            SUM(sample),
            CASE WHEN COUNT(squares) = COUNT(*) THEN SUM(squares) END
        FROM atom
        GROUP BY position
        """
    ),
    # A key whose documents cancelled out does not count, nor does no key.
    "distinct": SQL(
        """
        SELECT
            position,
            COUNT(item_key) FILTER (WHERE numerator > 0),
            0,
            SUM(sample),
            NULL
        FROM (
            SELECT
                position, item_key,
                SUM(numerator) AS numerator, SUM(sample) AS sample
            FROM atom
            GROUP BY position, item_key
        ) AS item
        GROUP BY position
        """
    ),
    # The days are those of the whole company: who has nothing left on the last day
    # has nothing, so that the parts add up to the whole.
    "snapshot_last": SQL(
        """
        SELECT
            last_day.position,
            SUM(atom.numerator), SUM(atom.denominator), SUM(atom.sample), NULL
        FROM (
            SELECT position, MAX(date) AS date
            FROM measured_day
            GROUP BY position
        ) AS last_day
        LEFT JOIN atom
            ON atom.position = last_day.position
            AND atom.date = last_day.date
        GROUP BY last_day.position
        """
    ),
    "snapshot_mean": SQL(
        """
        SELECT
            days.position,
            SUM(atom.numerator) / days.count,
            SUM(atom.denominator) / days.count,
            SUM(atom.sample),
            NULL
        FROM (
            SELECT position, COUNT(*) AS count
            FROM measured_day
            GROUP BY position
        ) AS days
        LEFT JOIN atom ON atom.position = days.position
        GROUP BY days.position, days.count
        """
    ),
}
