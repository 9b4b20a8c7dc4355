"""What customers are dissatisfied with, and what to do next.

Source: FORMULAS.md, "Indexes" (complete diagnosis table), and seed 001. All figures are
percent; dissatisfaction is bad above its reference value, loyalty below.
"""

from typing import NamedTuple

TOLERANCE = 1e-6

# Cause -> the index that is measured again when all is done.
CAUSE_INDEXES = {
    "staff": "dissatisfaction_staff",
    "office": "dissatisfaction_office",
    "product": "emotional_loyalty",
}
# Cause -> what is done about it, one after the other.
STEPS = {
    "force_majeure": ("fix_causes", "measure_again"),
    "staff": ("mystery_shopper", "improvement", "measure_again"),
    "office": ("survey", "improvement", "measure_again"),
    "product": ("survey", "improvement", "measure_again"),
    "none": (),
    "unknown": ("collect",),
}


class Index(NamedTuple):
    """A figure beside what is usual, in percent; None is not known."""

    value: float | None = None
    reference: float | None = None
    too_few: bool = False

    @property
    def lack(self):
        """Why it cannot be judged, None when it can."""
        return self.lack_of_value or (
            "no_reference" if self.reference is None else None
        )

    @property
    def lack_of_value(self):
        if self.value is None:
            return "no_data"
        return "too_few" if self.too_few else None


class Diagnosis(NamedTuple):
    """:param cause: a key of :data:`STEPS`
    :param missing: ``((index, why), ...)`` when the cause is unknown; why is
        ``no_data``, ``too_few`` or ``no_reference``
    """

    cause: str
    missing: tuple = ()

    @property
    def steps(self):
        return STEPS[self.cause]

    @property
    def next_step(self):
        return self.steps[0] if self.steps else None

    @property
    def index(self):
        """The figure to be measured again afterwards."""
        return CAUSE_INDEXES.get(self.cause)


def diagnose(
    staff, office, loyalty, tolerance, force_majeure=None, force_majeure_limit=None
):
    """Name the bottleneck; "unknown" only when what is missing could change the answer.

    ===== ====== ============ ======= =======
    staff office office-staff loyalty cause
    ===== ====== ============ ======= =======
    bad          > t                  office
    bad          else                 staff
    good  bad                         office
    good  good                bad     product
    good  good                good    none
    ===== ====== ============ ======= =======

    :param Index staff: dissatisfaction with the staff
    :param Index office: dissatisfaction with the office
    :param Index loyalty: emotional loyalty
    :param tolerance: t, points by which the office has to be worse than the staff
    :param force_majeure: polls inside confirmed force majeure, percent
    :param force_majeure_limit: above it the figures say nothing: causes first
    :rtype: Diagnosis
    """
    if (
        force_majeure is not None
        and force_majeure_limit is not None
        and force_majeure > force_majeure_limit + TOLERANCE
    ):
        return Diagnosis("force_majeure")
    if staff.lack:
        return _unknown(dissatisfaction_staff=staff.lack)
    if staff.value > staff.reference + TOLERANCE:
        if office.lack_of_value:
            return _unknown(dissatisfaction_office=office.lack_of_value)
        behind = office.value - staff.value > tolerance + TOLERANCE
        return Diagnosis("office" if behind else "staff")
    if office.lack:
        return _unknown(dissatisfaction_office=office.lack)
    if office.value > office.reference + TOLERANCE:
        return Diagnosis("office")
    if loyalty.lack:
        return _unknown(emotional_loyalty=loyalty.lack)
    if loyalty.value < loyalty.reference - TOLERANCE:
        return Diagnosis("product")
    return Diagnosis("none")


def _unknown(**missing):
    return Diagnosis("unknown", tuple(missing.items()))
