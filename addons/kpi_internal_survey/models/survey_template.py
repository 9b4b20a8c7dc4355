"""What a new campaign begins with: ten criteria, the scale and the rules of seed 001.

Everything is a start: HR changes it as long as the campaign is a draft.
"""

from typing import NamedTuple

from markupsafe import Markup

from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class Criterion(NamedTuple):
    key: str
    name: str
    hint: str


class Band(NamedTuple):
    key: str
    mark_from: int
    mark_to: int
    name: str


GROUPS = (
    (
        _lt("Attitude"),
        (
            Criterion(
                "answers",
                _lt("Gives correct and clear answers"),
                _lt(
                    "What you asked is answered to the point, in words you understand, "
                    "and turns out to be right."
                ),
            ),
            Criterion(
                "responsibility",
                _lt("Takes responsibility for decisions and information"),
                _lt(
                    "They stand by what they decided or told you, and put it right "
                    "themselves if it was wrong."
                ),
            ),
            Criterion(
                "support",
                _lt("Supports a task until it is done"),
                _lt(
                    "They stay with the task, tell you where it stands and do not drop "
                    "it halfway."
                ),
            ),
        ),
    ),
    (
        _lt("Execution"),
        (
            Criterion(
                "promptness",
                _lt("Works promptly and in time"),
                _lt("What you need is done quickly enough for your own work to go on."),
            ),
            Criterion(
                "commitments",
                _lt("Keeps commitments"),
                _lt("What was promised is done, as promised and without reminding."),
            ),
            Criterion(
                "solutions",
                _lt("Helps to find solutions"),
                _lt(
                    "When something does not work, they look for a way together with "
                    "you instead of just saying no."
                ),
            ),
        ),
    ),
    (
        _lt("Communication"),
        (
            Criterion(
                "respect",
                _lt("Shows respect in working together"),
                _lt("They listen, stay polite under pressure and value your time."),
            ),
            Criterion(
                "willingness",
                _lt("Is willing and ready to help"),
                _lt("You can come with a question and do not have to ask twice."),
            ),
            Criterion(
                "information",
                _lt("Tells in time about news and changes"),
                _lt(
                    "You learn what changes for your work from them, and before it "
                    "changes."
                ),
            ),
            Criterion(
                "availability",
                _lt("Can be reached by meeting, phone and mail"),
                _lt("They take your call or call back, answer mail and find time."),
            ),
        ),
    ),
)

BANDS = (
    Band("far", 10, 10, _lt("Far exceeds expectations")),
    Band("exceeds", 9, 9, _lt("Exceeds expectations")),
    Band("meets", 7, 8, _lt("Meets expectations")),
    Band("partly", 5, 6, _lt("Partly meets expectations")),
    Band("not", 1, 4, _lt("Does not meet expectations")),
)

# Rating kind, rated kind.
RULES = (("regional", "head_office"), ("head_office", "head_office"))

# Address to whoever opens the form: paragraphs, and the points of a list.
OPENING = (
    _lt("Good day, dear colleagues!"),
    _lt(
        "Without good service inside the company it is hardly possible to serve "
        "customers well and to reach what we aim at. This survey gives everybody the "
        "opportunity to say how well we serve each other."
    ),
    _lt("In the form you can rate:"),
    (
        _lt("your own unit: it comes first;"),
        _lt("the units you work with: you choose them yourself."),
    ),
    _lt(
        "You can also name colleagues whom you hold to be an example to others in "
        "how they work and how they treat people."
    ),
    _lt(
        "Taking part is voluntary and anonymous. If you have questions while filling "
        "in the form, turn to HR."
    ),
)


def _words(parts):
    for part in parts:
        if isinstance(part, tuple):
            yield from part
        else:
            yield part


def _html(parts, say):
    return Markup().join(
        Markup("<ul>%s</ul>")
        % Markup().join(Markup("<li>%s</li>") % say(point) for point in part)
        if isinstance(part, tuple)
        else Markup("<p>%s</p>") % say(part)
        for part in parts
    )


class SurveyTemplate:
    """The template in the languages that are installed.

    :param env: an environment; its language is that of nothing here
    """

    def __init__(self, env):
        self.languages = [code for code, _name in env["res.lang"].get_installed()]
        self._env = env

    def _say(self, text, lang="en_US"):
        return self._env(context={**self._env.context, "lang": lang})._(text)

    def values(self):
        """:return: values of a campaign in English; each key is a part of its own"""
        return {
            "group_ids": [
                Command.create(
                    {
                        "sequence": 10 * number,
                        "name": self._say(name),
                        "criterion_ids": [
                            Command.create(
                                {
                                    # Over all groups: as a list shows them.
                                    "sequence": 100 * number + 10 * place,
                                    "key": criterion.key,
                                    "name": self._say(criterion.name),
                                    "hint": self._say(criterion.hint),
                                }
                            )
                            for place, criterion in enumerate(criteria, 1)
                        ],
                    }
                )
                for number, (name, criteria) in enumerate(GROUPS, 1)
            ],
            "band_ids": [
                Command.create(band._asdict() | {"name": self._say(band.name)})
                for band in BANDS
            ],
            "rule_ids": [
                Command.create({"rater_kind": rater, "rated_kind": rated})
                for rater, rated in RULES
            ],
            "opening_text": _html(OPENING, self._say),
        }

    def translate(self, campaign, parts):
        """Say in all languages what was filled in.

        :param campaign: a campaign that was created with ``values()`` in English
        :param parts: which keys of ``values()`` it took
        """
        if "group_ids" in parts:
            for group, (name, criteria) in zip(
                campaign.group_ids.sorted("sequence"), GROUPS, strict=True
            ):
                self._translate(group, "name", name)
                for row, criterion in zip(
                    group.criterion_ids.sorted("sequence"), criteria, strict=True
                ):
                    self._translate(row, "name", criterion.name)
                    self._translate(row, "hint", criterion.hint)
        if "band_ids" in parts:
            names = {band.key: band.name for band in BANDS}
            for band in campaign.band_ids:
                self._translate(band, "name", names[band.key])
        if "opening_text" in parts:
            campaign.update_field_translations(
                "opening_text",
                {
                    lang: {
                        self._say(word): self._say(word, lang)
                        for word in _words(OPENING)
                    }
                    for lang in self.languages
                    if lang != "en_US"
                },
            )

    def _translate(self, record, field, text):
        record.update_field_translations(
            field, {lang: self._say(text, lang) for lang in self.languages}
        )
