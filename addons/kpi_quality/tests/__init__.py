from . import (
    test_matrix,
    test_scorecard,
    test_scorecard_generation,
    test_source_sales,
    test_target,
)
