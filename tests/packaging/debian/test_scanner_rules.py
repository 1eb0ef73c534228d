"""What udev makes of the rules for scanners: the real one, of scanners that are only written down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.debian.clean_root import CleanRoot, NoRootError
from tests.packaging.debian.conftest import Installed, keep_downloads, lend_downloads

RULES = "/usr/lib/udev/rules.d/70-cashier-app-scanners.rules"
HONEYWELL, ZEBRA, NEWLAND, CONVERTER = "0c2e", "05e0", "1eab", "0403"
_ASK = """
set -e
rm -rf /run/udev /sys/devices
usb=/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1
port=$usb/1-1:1.0/$2/$3
mkdir -p $port /sys/bus/usb /sys/class/$2
echo $1 > $usb/idVendor
echo DEVTYPE=usb_device > $usb/uevent
echo DEVTYPE=usb_interface > $usb/1-1:1.0/uevent
printf 'MAJOR=166\\nMINOR=0\\nDEVNAME=%s\\n' $3 > $port/uevent
ln -sfn /sys/bus/usb $usb/subsystem
ln -sfn /sys/bus/usb $usb/1-1:1.0/subsystem
ln -sfn /sys/class/$2 $port/subsystem
export SYSTEMD_DEVICE_VERIFY_SYSFS=0
"""
_TELL = "udevadm test --action=add $port 2>/dev/null"
_COMPLAIN = "udevadm test --action=add $port 2>&1"


@pytest.fixture(scope="module")
def with_udev(
    installed: Installed, bare: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CleanRoot]:
    """The installed package, and udev beside it."""
    with CleanRoot(installed.layers, tmp_path_factory.mktemp("udev")) as root:
        lend_downloads(root, bare.name)
        done = root.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", "udev"], seconds=300)
        keep_downloads(root, bare.name)
        if done.returncode:
            raise NoRootError(done.stderr)
        yield root


@pytest.mark.parametrize("maker", [HONEYWELL, ZEBRA, NEWLAND])
def test_a_scanner_of_a_known_maker_is_given_to_who_sits_there(with_udev: CleanRoot, maker: str) -> None:
    said = asked(with_udev, maker)
    assert "uaccess" in said["TAGS"].split(":")
    assert said["ID_MM_DEVICE_IGNORE"] == "1"


def test_what_may_be_anything_is_left_alone(with_udev: CleanRoot) -> None:
    said = asked(with_udev, CONVERTER)
    assert "uaccess" not in said.get("TAGS", "")
    assert "ID_MM_DEVICE_IGNORE" not in said


def test_only_the_port_of_a_scanner_is_given(with_udev: CleanRoot) -> None:
    assert "uaccess" not in asked(with_udev, HONEYWELL, "hidraw", "hidraw0").get("TAGS", "")


def test_udev_understands_every_line(with_udev: CleanRoot) -> None:
    said = with_udev.run(["sh", "-c", _ASK + _COMPLAIN, "sh", HONEYWELL, "tty", "ttyACM0"])
    assert said.returncode == 0
    about = [line for line in said.stdout.splitlines() if RULES in line]
    assert about == [f"Reading rules file: {RULES}"]


def test_planted_a_rule_that_looks_away_from_every_port_is_caught(with_udev: CleanRoot) -> None:
    """As it once stood there: the port's own subsystem is not usb, and so nothing was ever given."""
    rules = with_udev.place(RULES)
    right = rules.read_text(encoding="utf-8")
    away = 'SUBSYSTEM!="tty", GOTO="cashier_app_end"\n'
    try:
        rules.write_text(
            right.replace(away, away + away.replace('EM!="tty"', 'EMS!="usb"')), encoding="utf-8"
        )
        assert "uaccess" not in asked(with_udev, HONEYWELL).get("TAGS", "")
    finally:
        rules.write_text(right, encoding="utf-8")


def asked(root: CleanRoot, maker: str, kind: str = "tty", name: str = "ttyACM0") -> dict[str, str]:
    """Return what udev would note of a port, on a USB device of this maker."""
    said = root.run(["sh", "-c", _ASK + _TELL, "sh", maker, kind, name])
    assert said.returncode == 0, said.stderr
    pairs = (line.partition("=") for line in said.stdout.splitlines())
    return {key.strip(): value for key, equals, value in pairs if equals}
