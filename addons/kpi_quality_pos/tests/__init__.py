from . import test_source_receipts
