"""Whom a box believes, and who believes the box."""

import hashlib
import hmac
import importlib.util
from pathlib import Path

from bridge_box import BOX, TOKEN
from kpi_lib import signing
from kpi_lib.bridge import Bridge
from pytest import mark

ROOT = Path(__file__).resolve().parents[2]


def load(path):
    spec = importlib.util.spec_from_file_location("theirs", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_both_sides_sign_alike():
    theirs = load(ROOT / "addons" / "kpi_hardware_bridge" / "tools" / "signing.py")
    body = '{"sender": "é"}'.encode()
    expected = hmac.new(b"abc", body, hashlib.sha256).hexdigest()
    assert signing.signature("abc", body) == f"sha256={expected}"
    assert theirs.is_signed("abc", body, signing.signature("abc", body))
    assert signing.next_key("abc", "nonce") == theirs.next_key("abc", "nonce")
    assert signing.box_key(TOKEN, BOX) == theirs.digest(TOKEN, BOX)


def test_a_wrong_secret_keeps_its_rows(box, odoo):
    odoo.keys = [signing.box_key("another token", BOX)]
    sent = box.press(30)
    for _time in range(5):
        box.turn()
    assert (odoo.stored, len(box.spool)) == ([], 30)
    assert box.forwarder.trouble == "answer 401"
    box.pair(token="another token")  # paired anew
    box.drain()
    assert odoo.stored == sent


def test_not_paired(box, odoo):
    box.conf.write_text("[options]\n")
    (box.folder / "pairing.json").unlink()
    box.start()
    sent = box.press(3)
    assert box.turn() == 60
    assert (odoo.bodies, len(box.spool)) == ([], 3)
    box.pair()
    box.drain()
    assert odoo.stored == sent


@mark.parametrize("text", ["", "[iot.box]\n", "[iot.box\nremote_", "\0" * 4096])
def test_a_power_cut_takes_the_configuration(box, odoo, text, monkeypatch):
    monkeypatch.setattr("kpi_lib.conf.FOLDER", str(box.folder))
    box.conf.write_text(text)
    box.start()
    sent = box.press(5)
    box.drain()
    assert odoo.stored == sent


def test_the_copy_is_made_as_soon_as_the_disk_takes_it(box):
    copy = box.folder / "pairing.json"
    copy.unlink()
    box.folder.rename(box.folder.with_name("elsewhere"))
    box.start()
    assert (bool(box.pairing.key), copy.exists()) == (True, False)
    box.folder.mkdir()
    box.turn()
    assert copy.exists()
    assert copy.stat().st_mode & 0o77 == 0  # a secret


def test_the_first_start_makes_the_folder(box):
    box.folder.rename(box.folder.with_name("elsewhere"))
    bridge = Bridge(box.conf)
    names = {path.name for path in box.folder.iterdir()}
    assert {"pairing.json", "spool.db"} <= names
    bridge.spool.close()


def test_the_next_key(box, odoo):
    odoo.more = {"rotate": "nonce"}
    box.turn()
    odoo.keys = [signing.next_key(odoo.keys[0], "nonce")]  # the old one is void
    odoo.more = {"rotate": "nonce"}  # told once more, which changes nothing
    sent = box.press(2)
    box.drain()
    assert odoo.stored == sent
    box.start()  # it is on the disk
    sent += box.press(2)
    box.drain()
    assert odoo.stored == sent


def test_the_next_key_is_not_used_when_the_disk_refuses(box, odoo, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError("No space left on device")

    monkeypatch.setattr("kpi_lib.pairing.os.fsync", refuse)
    odoo.more = {"rotate": "nonce"}
    box.turn()
    sent = box.press(2)
    box.drain()
    assert odoo.stored == sent


def test_a_server_that_was_restored_from_a_backup(box, odoo):
    """It knows the first key only; the box tries what it had."""
    first = odoo.keys
    odoo.more = {"rotate": "nonce"}
    box.turn()
    odoo.keys = [signing.next_key(first[0], "nonce")]
    box.turn()
    odoo.keys = first
    sent = box.press(3)
    assert box.drain() == 2
    assert odoo.stored == sent


def test_commands_are_carried_out_once(box, odoo):
    for commands in (
        [{"id": "a", "name": "test"}],
        [{"id": "a", "name": "test"}, {"id": "b", "name": "restart"}],
        ["nonsense", {"id": "c"}],
    ):
        odoo.more = {"commands": commands}
        box.press()
        box.turn()
    box.start()
    odoo.more = {"commands": [{"id": "b", "name": "restart"}]}
    box.turn()
    assert box.commands == ["test", "restart"]


def test_settings_say_what_is_a_console(box, odoo):
    odoo.more = {"settings": {"claims": ["1a86:7523"]}}
    box.turn()
    box.start()
    assert box.pairing.claims == ("1a86:7523",)
