from . import (
    test_bonus_export,
    test_engine,
    test_manual,
    test_matrix,
    test_promise,
    test_scorecard,
    test_scorecard_generation,
    test_source_formula,
    test_source_model,
    test_source_pick,
    test_source_sales,
    test_target,
)
