from . import test_receipt_poll, test_source_receipts
