"""What a box does with presses: keep them, and bring them to Odoo.

Runs inside the Odoo of an IoT Box (Python 3.11 or 3.13, 32 bits as well) with the
standard library and ``requests``. Nothing here knows Odoo, so it is tested without.
"""

VERSION = "1.0.0"
