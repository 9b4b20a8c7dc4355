"""Which ports and keypads are consoles."""

from types import SimpleNamespace

from kpi_lib import claims
from kpi_lib.claims import Device
from pytest import mark

ARDUINO = Device(
    path="/dev/ttyUSB3",
    usb="1a86:7523",
    place="1-1.2",
    names=("USB Serial", "usb-1a86_USB_Serial-if00-port0"),
)
SCALE = Device(path="/dev/ttyUSB0", usb="0403:6001", number="FT1", names=("FT232R",))
OURS = Device(
    path="/dev/ttyACM0", usb="2e8a:000a", number="E66", names=("KPI Console",)
)


@mark.parametrize(
    "device, patterns, claimed",
    [
        (OURS, [], True),
        (ARDUINO, [], False),
        (SCALE, [], False),
        (ARDUINO, ["1A86:7523"], True),
        (SCALE, ["1a86:7523"], False),
        (ARDUINO, ["usb-1a86_*"], True),
        (ARDUINO, ["/dev/ttyUSB3"], True),
        (SCALE, ["/dev/ttyUSB3", "/dev/ttyACM*"], False),
    ],
)
def test_claim(device, patterns, claimed):
    assert device.is_claimed(patterns) == claimed


def test_an_identifier_outlives_a_restart():
    # two of a kind have no number: their sockets tell them apart
    assert OURS.identifier == "2e8a:000a:E66"
    assert ARDUINO.identifier == "1a86:7523@1-1.2"
    assert ARDUINO._replace(path="/dev/ttyUSB0").identifier == ARDUINO.identifier
    assert Device("/dev/ttyS1").identifier == "/dev/ttyS1"


def test_serial_ports(tmp_path, monkeypatch):
    dev = tmp_path / "dev"
    by_id = dev / "serial" / "by-id"
    by_id.mkdir(parents=True)
    (dev / "ttyUSB0").touch()
    (dev / "ttyUSB1").touch()
    (dev / "console0").touch()
    (by_id / "usb-Some_Keypad-if00").symlink_to(dev / "ttyUSB1")
    port = SimpleNamespace(vid=0x1A86, pid=0x7523, serial_number=None, product=None)
    ports = [
        SimpleNamespace(**vars(port), device=str(dev / f"ttyUSB{n}"), location=f"1-{n}")
        for n in range(2)
    ]
    monkeypatch.setattr(claims, "comports", lambda: ports)

    def found(*patterns):
        return {
            identifier: device.path.removeprefix(f"{dev}/")
            for identifier, device in claims.serial_ports(patterns, dev).items()
        }

    assert found() == {}
    assert found("usb-Some_*") == {"1a86:7523@1-1": "ttyUSB1"}
    assert found(str(by_id / "usb-Some_Keypad-if00")) == {"1a86:7523@1-1": "ttyUSB1"}
    assert found("1a86:7523") == {
        "1a86:7523@1-0": "ttyUSB0",
        "1a86:7523@1-1": "ttyUSB1",
    }
    # a port that is on no bus is known by its path
    assert found(f"{dev}/console*") == {f"{dev}/console0": "console0"}


def test_keypads(tmp_path):
    dev, sys = tmp_path / "dev", tmp_path / "sys"
    by_id = dev / "input" / "by-id"
    by_id.mkdir(parents=True)

    def add(number, name, keys, place):
        (dev / "input" / f"event{number}").touch()
        device = sys / "class" / "input" / f"event{number}" / "device"
        for part, text in {
            "name": name,
            "capabilities/key": keys,
            "id/vendor": "1189",
            "id/product": "8890",
            "uniq": "",
            "phys": place,
        }.items():
            (device / part).parent.mkdir(parents=True, exist_ok=True)
            (device / part).write_text(f"{text}\n")

    digits = "10000 7ff 9f207ac14057ff febeffdfffefffff fffffffffffffffe"
    add(0, "Power Button", "10000000000000 0", "PNP0C0C/button/input0")
    add(1, "ACME Macro", digits, "usb-1-1.3/input0")
    add(2, "ACME Macro", digits, "usb-1-1.3/input1")
    add(3, "Somebody's Keyboard", digits, "usb-1-1.4/input0")
    (by_id / "usb-ACME_Macro-event-kbd").symlink_to(dev / "input" / "event1")
    found = claims.keypads(["acme*"], dev, sys)
    assert {key: device.path for key, device in found.items()} == {
        "1189:8890@usb-1-1.3": str(dev / "input" / "event1")
    }
    assert claims.keypads([], dev, sys) == {}
    assert len(claims.keypads(["1189:8890"], dev, sys)) == 2
