"""Which serial devices are plugged in, and finding one again whatever port it gets this time.

A USB device is known by ``VID:PID:serial``. Without a serial number, or where two carry the same one, the
place where it is plugged in tells it apart: ``VID:PID@1-1.4`` or ``VID:PID:serial@1-1.4``. A port that is not
USB is known by its own name, such as ``COM1`` or ``/dev/ttyS0``.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from cashier_app.ports.serial_scanner import SerialDevice

_USB_ID = re.compile(r"[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}(?:[:@].*)?")
_STRANGE = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST_NAME = 60
_LONGEST_SERIAL = 64
# Ports of the system's own: macOS offers them on every computer, Windows one for calls that come in.
_NOBODY = re.compile(
    r"Bluetooth-Incoming-Port|debug-console|wlan-debug|BTHENUM.*_?000000000000_", re.IGNORECASE
)
_BUILT_IN = re.compile(r"/dev/ttyS[0-9]+")
_KNOWN_TO_LINUX = Path("/sys/class/tty")
_NO_HARDWARE = "0"


class PortInfo(Protocol):
    """What pyserial tells about a port, as far as it is used here. All texts come from the device."""

    device: str
    description: str
    hwid: str
    vid: int | None
    pid: int | None
    serial_number: str | None
    location: str | None
    manufacturer: str | None
    product: str | None


def serial_devices() -> list[SerialDevice]:
    """Return the devices plugged in, by port. Blocking: 1 ms on Linux, up to 50 on Windows."""
    return devices_of(_ports())


def find_port(device_id: str) -> str | None:
    """Return the port a device has now, None while it is not plugged in. Blocking, see `serial_devices`."""
    if not is_usb_id(device_id):
        return port_named(device_id)
    wanted = device_id.upper()
    found = _ports()
    exact = [port for port in devices_of(found) if port.device_id.upper() == wanted]
    if exact:
        return exact[0].port
    # Remembered while it had a twin, or before: its full description still has to fit.
    full = [port.device for port in found if wanted in _all_ids(port)]
    return full[0] if len(full) == 1 else None


def is_usb_id(device_id: str) -> bool:
    """Tell a USB device's id from a port."""
    return _USB_ID.fullmatch(device_id) is not None


def port_named(name: str) -> str | None:
    """Return a port if it is there; Windows cannot tell before it is opened."""
    if sys.platform == "win32":
        return name
    try:
        return name if Path(name).exists() else None
    except (OSError, ValueError):
        return None


def devices_of(ports: Iterable[PortInfo]) -> list[SerialDevice]:
    """Return ports as devices, with ids that are all different."""
    listed = sorted(ports, key=lambda port: _by_number(port.device))
    twins = Counter(_usb_id(port) for port in listed if port.vid is not None)
    return [
        SerialDevice(_device_id(port, alone=twins[_usb_id(port)] == 1), _name(port), port.device)
        for port in listed
    ]


def _ports() -> list[PortInfo]:
    from serial.tools import list_ports  # 8 ms, on a worker

    try:
        return [port for port in list_ports.comports() if _is_real(port)]
    except (OSError, TypeError, ValueError):
        # pyserial stumbles over a device that goes while it is being described: the next look sees the rest.
        return []


def _is_real(port: PortInfo) -> bool:
    """Leave out what no scanner can be at: sockets without hardware, the console, the system's own."""
    if _NOBODY.search(f"{port.device} {port.hwid}"):
        return False
    if port.vid is not None or not _BUILT_IN.fullmatch(port.device):
        return True
    known = _KNOWN_TO_LINUX
    name = Path(port.device).name
    return (
        _text(known / name / "type") not in {"", _NO_HARDWARE}
        and name not in _text(known / "console" / "active").split()
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _usb_id(port: PortInfo) -> str:
    serial = _STRANGE.sub("_", port.serial_number or "")[:_LONGEST_SERIAL]
    return f"{port.vid or 0:04X}:{port.pid or 0:04X}" + (f":{serial}" if serial else "")


def _placed_id(port: PortInfo) -> str:
    place = re.sub(r"[^A-Za-z0-9.:-]", "_", port.location or "")
    return f"{_usb_id(port)}@{place}" if place else port.device


def _device_id(port: PortInfo, *, alone: bool) -> str:
    if port.vid is None:
        return port.device
    # Without a serial number a second one of the kind may come any day.
    return _usb_id(port) if alone and port.serial_number else _placed_id(port)


def _all_ids(port: PortInfo) -> set[str]:
    return set() if port.vid is None else {_usb_id(port).upper(), _placed_id(port).upper()}


def _name(port: PortInfo) -> str:
    """Return maker and product with the port; what a device calls itself is shown as plain text."""
    product = _plain(port.product) or _plain(port.description)
    maker = _plain(port.manufacturer)
    if maker and not product.casefold().startswith(maker.casefold()):
        product = f"{maker} {product}".strip()
    called = product.replace(f"({port.device})", "")[:_LONGEST_NAME].strip()
    return f"{called} ({port.device})" if called and called != port.device else port.device


def _plain(text: str | None) -> str:
    kept = "".join(c for c in text or "" if c.isprintable())
    return "" if kept in {"n/a", "None"} else " ".join(kept.split())


def _by_number(port: str) -> tuple[str, int]:
    letters = port.rstrip("0123456789")
    return letters, int(port[len(letters) :] or 0)
