from . import (
    test_console_access,
    test_ingest,
    test_ingest_concurrency,
    test_ingest_fuzz,
    test_ingest_http,
    test_iot_box,
    test_iot_box_access,
    test_iot_box_fuzz,
    test_iot_box_http,
    test_iot_box_tour,
    test_web_console,
    test_web_console_access,
)
