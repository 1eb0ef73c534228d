"""How long the worst documents we know take until they are refused."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from cashier_app.documents.problems import ProgramError
from cashier_app.documents.program_document import MAX_SIZE, DocumentKind, read_program
from tests.benchmarks.goal import Goal

AT_MOST_MILLISECONDS = 50.0
RUNS = 5
SALE = b'{"kind":"per_sale","points":1}'
INR = b'currency = "INR"\n'
RULE = b'[[earning.rules]]\nkind = "per_amount"\npoints = 1\n'
TOML, JSON = DocumentKind
JSON_ITEMS = b'{"currency":"INR","earning":{"basis":{"lines":{"only_items":['
_SIXTEEN = b"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p%d=1\n"


@dataclass(frozen=True)
class Hostile:
    """A document, and the part that its refusal names."""

    name: str
    kind: DocumentKind
    path: str
    text: Callable[[], bytes]


def _toml(name: str, path: str, text: bytes) -> Hostile:
    return Hostile(f"toml, {name}", TOML, path, lambda: text)


def _json(name: str, path: str, text: bytes) -> Hostile:
    return Hostile(f"json, {name}", JSON, path, lambda: text)


def _rule(name: str, path: str, text: bytes) -> Hostile:
    return _toml(name, f"earning.rules[0].{path}", INR + RULE + text)


def _filled(head: bytes, part: bytes, tail: bytes, kind: DocumentKind) -> bytes:
    """Return as many parts as the largest document holds."""
    return head + part * ((MAX_SIZE[kind] - len(head) - len(tail)) // len(part)) + tail


def _full_toml(name: str, path: str, part: bytes, head: bytes = INR, tail: bytes = b"") -> Hostile:
    return Hostile(f"toml, full of {name}", TOML, path, lambda: _filled(head, part, tail, TOML))


def _full_json(name: str, path: str, part: bytes, head: bytes, tail: bytes) -> Hostile:
    return Hostile(f"json, full of {name}", JSON, path, lambda: _filled(head, part, tail, JSON))


HOSTILE = [
    _rule("not a number", "per", b"per = nan"),
    _rule("infinity", "per", b"per = -inf"),
    _rule("1e999", "per", b"per = 1e999"),
    _rule("1e999999999", "per", b"per = 1e999999999"),
    _rule("1e-999999999", "per", b"per = 1e-999999999"),
    _rule("a negative rate", "per", b"per = -1"),
    _rule("a decimal of 5,000 digits", "per", b"per = 1." + b"1" * 5000),
    _rule("a hexadecimal number of 5,000 digits", "per", b"per = 0x" + b"f" * 5000),
    _rule("a boolean as number", "per", b"per = true"),
    _rule("a list as number", "per", b"per = []"),
    _rule("dates turned round", "when.ends", b"when = { starts = 2026-02-01, ends = 2026-01-01 }"),
    _rule("a number as date", "when.starts", b"when = { starts = 20260101 }"),
    _rule("a moment as date", "when.starts", b"when = { starts = 2026-01-01T00:00:00 }"),
    _rule("an unknown key", "poinst", b"poinst = 1"),
    _toml("a number of 5,000 digits", "document", INR + RULE + b"per = " + b"1" * 5000),
    _toml("an exponent of 30 digits", "document", INR + b"point_scale = 1e" + b"9" * 30),
    _toml("a list where a table is expected", "tiers", INR + b"tiers = []"),
    _toml("a key given twice", "document", INR + INR),
    _toml("a byte order mark", "document", b"\xef\xbb\xbf" + INR),
    _toml("UTF-16", "document", INR.decode().encode("utf-16")),
    _toml("Latin-1", "document", INR + b'name = "caf\xe9"'),
    _toml("a null character", "document", INR + b"\x00"),
    _toml("900 rules", "earning.rules", INR + RULE * 900),
    Hostile("toml, 100 MB", TOML, "document", lambda: b"#" * 100_000_000),
    Hostile("json, 100 MB", JSON, "document", lambda: b" " * 100_000_000),
    _full_toml("one dotted key", "document", b"a.", tail=b"a = 1"),
    _full_toml("one dotted table", "document", b"a.", head=INR + b"[", tail=b"a]"),
    _full_toml("one dotted key in quotes", "document", b'"a" . ', tail=b"a = 1"),
    _toml("keys of sixteen names", "a", INR + b"".join(_SIXTEEN % number for number in range(1300))),
    _full_toml("one table after another", "a", b"[[a]]\n"),
    _full_toml("numbers", "name", b"1,", head=INR + b"name = [", tail=b"]"),
    _full_toml("fractions", "name", b"1.5,", head=INR + b"name = [", tail=b"]"),
    _full_toml("tables", "name", b"{a=1},", head=INR + b"name = [", tail=b"]"),
    _full_toml("brackets", "document", b"[", head=INR + b"name = "),
    _full_toml("nested tables", "document", b"{a=", head=INR + b"name = "),
    _full_toml("letters", "document", b"a"),
    _full_toml("quotes", "document", b'"', head=INR + b"a"),
    _full_toml("spaces in keys", "document", b"a \t "),
    _full_toml("escapes", "name", b"\\n", head=INR + b'name = "', tail=b'"'),
    _json("NaN", "point_scale", b'{"currency": "INR", "point_scale": NaN}'),
    _json("1e999", "point_scale", b'{"currency": "INR", "point_scale": 1e999}'),
    _json("a key given twice", "currency", b'{"currency": "INR", "currency": "EUR"}'),
    _json("a byte order mark", "document", b'\xef\xbb\xbf{"currency": "INR"}'),
    _json("invalid UTF-8", "document", b'{"currency": "\xff"}'),
    _json("half a surrogate pair", "document", b'{"currency": "INR", "name": "\\ud800"}'),
    _json("a number of 5,000 digits", "name", b'{"currency": "INR", "name": ' + b"1" * 5000 + b"}"),
    _json("a list", "document", b"[]"),
    _full_json(
        "rules", "earning.rules", SALE + b",", b'{"currency":"INR","earning":{"rules":[', SALE + b"]}}"
    ),
    _full_json("fractions", "name", b"1e9,", b'{"currency":"INR","name":[', b"1]}"),
    _full_json("lists", "name", b"[],", b'{"currency":"INR","name":[', b"1]}"),
    _full_json("tables", "name", b"{},", b'{"currency":"INR","name":[', b"1]}"),
    _full_json("names", "earning.basis.lines.only_items", b'"a",', JSON_ITEMS, b'"a"]}}}}'),
    _full_json("brackets", "document", b"[", b'{"currency":"INR","name":', b""),
    _full_json("keys", "document", b'"":1,', b'{"currency":"INR",', b'"":1}'),
]


def measure() -> list[Goal]:
    """Return the slowest refusal, and print each."""
    # What an earlier measurement left in memory is nothing these documents have to be looked through with.
    gc.collect()
    gc.freeze()
    slowest = max(((_milliseconds(document), document.name) for document in HOSTILE), key=lambda row: row[0])
    gc.unfreeze()
    detail = f"{slowest[1]}; median of {RUNS}, the slowest of {len(HOSTILE)} documents"
    return [Goal("hostile document refused (ms)", slowest[0], AT_MOST_MILLISECONDS, detail)]


def _milliseconds(document: Hostile) -> float:
    text = document.text()
    taken = sorted(_once(text, document.kind) for _ in range(RUNS))[RUNS // 2]
    print(f"{taken:8.2f} ms  {document.name}")
    return taken


def _once(text: bytes, kind: DocumentKind) -> float:
    started = perf_counter()
    try:
        read_program(text, kind)
    except ProgramError:
        return (perf_counter() - started) * 1000
    raise AssertionError("a hostile document was taken")
