from . import (
    test_matrix,
    test_target,
)
from . import test_source_sales
from . import test_engine
from . import test_reader
