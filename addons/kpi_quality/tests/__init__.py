from . import (
    test_matrix,
    test_target,
)
