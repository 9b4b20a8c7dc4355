"""Formats of the exported workbook."""

_GREY = "#D9D9D9"
_FORMATS = {
    "title": {"bold": True, "font_size": 14},
    "bold": {"bold": True},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "header": {
        "bold": True,
        "bg_color": "#EDEDED",
        "border": 1,
        "border_color": _GREY,
        "text_wrap": True,
        "valign": "vcenter",
    },
    "total": {"bold": True, "top": 1},
    "link": {"font_color": "#0563C1", "underline": 1},
    "count": {"num_format": "0"},
    "percent": {"num_format": "0.00"},
    "weight": {"num_format": "0.0000"},
    "factor": {"num_format": "0.000000"},
    "date": {"num_format": 14, "align": "left"},  # a short date of the reader's place
    "moment": {"num_format": 22, "align": "left"},
    "warning": {"font_color": "#C62828"},
    "check": {"bold": True, "font_color": "#2E7D32"},
    "failed": {"bold": True, "font_color": "#C62828"},
}


class Styles:
    """The formats of one workbook by name, and those of figures by decimals.

    :param money: number format of the currency
    """

    def __init__(self, book, money):
        self._book = book
        self._figures = {}
        for name, properties in _FORMATS.items():
            setattr(self, name, book.add_format(properties))
        self.money = book.add_format({"num_format": money})
        self.money_total = book.add_format({"num_format": money, **_FORMATS["total"]})

    def figure(self, decimals):
        if decimals not in self._figures:
            places = "." + "0" * decimals if decimals > 0 else ""
            self._figures[decimals] = self._book.add_format(
                {"num_format": f"#,##0{places}"}
            )
        return self._figures[decimals]
