from . import (
    test_matrix,
    test_target,
)
from . import test_source_sales
