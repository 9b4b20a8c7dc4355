"""Names of documents in the order of their days, as sequences would give them."""


class Numbers:
    """Counts for a plan, and moves the sequences on afterwards."""

    def __init__(self, demo):
        self.env = demo.env
        self.company = demo.company
        self.last = {}

    def make_sequence(self, code, name, prefix):
        return self.env["ir.sequence"].create(
            {
                "name": name,
                "code": code,
                "prefix": prefix,
                "padding": 6,
                "company_id": self.company.id,
            }
        )

    def next(self, sequence, after=0):
        """:param after: the last number that is not the plan's to give"""
        self.last[sequence] = self.last.get(sequence, after) + 1
        return sequence.get_next_char(self.last[sequence])

    def move_sequences(self):
        for sequence, last in self.last.items():
            sequence.number_next = last + 1
