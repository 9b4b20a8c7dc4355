from . import (
    test_ballot_key,
)
