from . import (
    test_ingest,
    test_iot_box,
)
