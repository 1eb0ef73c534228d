"""A till full of what must never leave the shop, in every place it keeps anything."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import closing
from pathlib import Path

import apsw

from cashier_app.storage.database import Database

PERSONS = (
    "Meera Nair", "meera.nair", "ANBARASI", "Zoë Brontë", "Seán O'Neill", "मीरा नायर", "மீரா அன்பரசி",
    "أحمد الفارسي", "王小明", "Þórdís",
)  # fmt: skip
PHONES = (
    "+91 98765 01234", "9876501234", "098765-01234", "(020) 7946 0958", "01 23 45 67 89", "01.23.45.67.89",
    "+1 (415) 555-0132", "415.555.0132", "00 971 50 123 4567", "+49 (0)30/901820-15", "0171\u20112345678",
    "٠٥٥١٢٣٤٥٦٧", "९८७६५०१२३४",
)  # fmt: skip
SECRETS = {
    "token": "c2VjcmV0LXRva2VuLWZvci10aGUtdGlsbA==",
    "bearer": "Bearer eyJhbGciOi.JIUzI1NiJ9.q8Zr-K1_w",
    "url": "https://marigold:opensesame77@points.example.in/v1?key=9Q8w7E6r",
    "database url": "postgresql://till:hunter2secret@10.20.30.40/chain",
    "passphrase": "correcthorsebatterystaple",
    "pin": "58271493",
    "hex": "9f86d081884c7d659a2feaa0c55ad015",
}
PLACES = {
    "e-mail": "meera@example.com",
    "host": "counter-pc-7.corner.lan",
    "address": "192.168.17.203",
    "long address": "fe80::1ff:fe23:4567:890a",
    "folder": "/home/meera nair/points",
    "windows folder": r"C:\Users\Meera\AppData",
}
CODES = {
    "wallet": "LC1:QX7K9TR2VB4M",
    "qr": "00020101021126570014BR.GOV.BCB",
    "member": "M-00417733",
    "member id": "6f1d2a4b-9c3e-4f50-8a7b-1c2d3e4f5a6b",
    "receipt": "Basmati Gulabjamun 5kg",
}
PLANTED = (*PERSONS, *PHONES, *SECRETS.values(), *PLACES.values(), *CODES.values())

SETTINGS = """
[store]
name = "Meera Nair's Marigold"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "https://points.counter-pc-7.corner.lan/meera"
token_file = "/home/meera nair/points/token"

[scanner]
prefix = "Meera"

[camera]
name = "Anbarasi camera"

[serial]
device = "0483:5740:Meera"

[codes]
voucher_prefixes = ["MEERA"]

[ledger]
url = "postgresql://points.counter-pc-7.corner.lan/meera"
store = "Anbarasi"
"""

_TEXTS = (
    ("audit", "(at, subject, event, detail, chain) VALUES ('2026-11-22T10:00:00+00:00', ?1, ?1, ?1, x'00')"),
    ("kept", "(name, text) VALUES (?1, ?1)"),
    ("staff", "(staff_id, version, name, role, active, pin) VALUES (?1, 1, ?1, ?1, 1, ?1)"),
    ("pin_try", "(subject, version, failures, at, monotonic_ms) VALUES (?1, 1, 0, ?1, 0)"),
    (
        "sale",
        "(sale_id, state, opened_at, body) VALUES (?1, 'act', '2026-11-22T10:00:00+00:00', ?1)",
    ),
    (
        "effect",
        (
            "(key, sale_id, kind, account_key, body, state, next_attempt_at, last_answer, booked) "
            "VALUES (?1, ?1, ?1, ?1, ?1, 'needs attention', ?1, ?1, ?1)"
        ),
    ),
    ("discrepancy", "(key, sale_id, member_id, at, minor, body) VALUES (?1, ?1, ?1, ?1, 1, ?1)"),
    ("day_figure", "(day, currency, split, part) VALUES (?1, ?1, ?1, ?1)"),
    ("latency", "(day, hour, bucket, calls) VALUES ('9' || ?1, 3, 4, 1)"),
    ("ledger_feed", "(written_at, mark, body) VALUES (?1, ?1, ?1)"),
)  # fmt: skip


def plant(home: Path) -> tuple[Path, Path]:
    """Make a till in a folder named after somebody, and return its settings file and data folder."""
    place = home / "meera nair" / "points.example.in"
    data = place / "data 9876501234"
    data.mkdir(parents=True)
    settings = place / "Meera Nair.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    (data / "preferences.json").write_text(
        '{"camera": "Anbarasi", "serial_device": "Meera 9876501234", "camera_on": true}', encoding="utf-8"
    )
    _plant_rows(data / "till.sqlite")
    _plant_logs(data)
    (data / "backups").mkdir()
    for name in ("till-000001-Meera Nair.sqlite", "till-000002-20261122T100000000000Z.sqlite"):
        (data / "backups" / name).write_bytes(b"Meera Nair +91 98765 01234")
    (data / "Meera Nair 9876501234.csv").write_text("Meera Nair\n", encoding="utf-8")
    (data / "till.log.Meera").write_text("Meera Nair\n", encoding="utf-8")
    return settings, data


def environment() -> dict[str, str]:
    """Return variables of an environment that names a person and holds secrets."""
    return {
        "USER": "anbarasi", "LOGNAME": "anbarasi", "HOME": "/home/anbarasi", "HOSTNAME": "counter-pc-7",
        "TILL_TOKEN": SECRETS["token"], "HTTPS_PROXY": SECRETS["url"], "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip


def leaks(file: bytes) -> dict[str, set[str]]:
    """Return which planted texts stand in the parts of a zip, and where; also in other spellings."""
    found: dict[str, set[str]] = {}
    for place, text in unpacked(file).items():
        small, digits = text.casefold(), re.sub(r"[^\w\n\",:]+", "", text)
        for planted in PLANTED:
            hit = any(part in small for part in _parts(planted))
            if planted in PHONES:
                hit = hit or any(part in digits for part in _digits(planted))
            if hit:
                found.setdefault(planted, set()).add(place)
    return found


def unpacked(file: bytes) -> dict[str, str]:
    """Return every part of a zip as text, and its names, as one more part."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
        return {**texts, "names": "\n".join(archive.namelist()) + archive.comment.decode()}


def _parts(planted: str) -> set[str]:
    """Return what of a planted text would name somebody by itself, in small letters."""
    whole = {planted.casefold()}
    if planted in PERSONS:
        return whole | {part.casefold() for part in re.split(r"[ .']", planted) if len(part) > 2}
    if planted in SECRETS.values():
        return whole | {"opensesame77", "hunter2secret", "9q8w7e6r", "jiuzi1nij9"} & set(
            re.split(r"[^\w]+", planted.casefold())
        )
    if planted == CODES["receipt"]:
        return {"basmati", "gulabjamun"}
    return whole


def _digits(phone: str) -> set[str]:
    only = re.sub(r"\D", "", phone)
    return {only, only[-8:]}


def _plant_rows(path: Path) -> None:
    Database(path).close()
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("PRAGMA foreign_keys=OFF; BEGIN")
        for planted in PLANTED:
            for table, values in _TEXTS:
                connection.execute(f"INSERT INTO {table} {values}", (planted,))
        connection.execute("COMMIT")


def _plant_logs(data: Path) -> None:
    def lines() -> list[str]:
        said = []
        for planted in PLANTED:
            said += [
                f"2026-11-22 10:00:00,123 INFO cashier_app.services.crew: refused for {planted}: other",
                f"2026-11-22 10:00:00,124 WARNING {planted}: it was left as it is",
                f"2026-11-22 10:00:00,125 CRITICAL ui.application: nobody caught this {planted}",
                "Traceback (most recent call last):",
                f'  File "/home/{planted}/cashier_app/services/lookup.py", line 12, in find',
                f'    raise KeyError("{planted}")',
                f'  File "/opt/{planted}.py", line 7, in meera_nair',
                f"KeyError: 'no account for {planted}'",
                f"{planted}: nobody",
                "2026-11-22 10:00:01,000 INFO ui.application: a number of lines",
                f"not a record: {planted}={planted},{planted}",
            ]
        return said

    for name in ("till.log", "till.log.1", "till.log.3"):
        (data / name).write_text("\n".join(lines()) + "\n", encoding="utf-8")
