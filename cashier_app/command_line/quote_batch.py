"""`quote --batch`: one quote request a line in, one answer a line out, in the same order."""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from typing import IO

import msgspec

from cashier_app.documents.program_document import read_program_value, refuse_long_lists
from cashier_app.documents.quote_answer import Answer, answer_to, error_answer
from cashier_app.documents.quote_request import read_quote_request, request_id_of
from cashier_app.documents.request_fields import RequestError
from cashier_app.domain.program import Program
from cashier_app.strict_json import MalformedJsonError, load_strictly

MAX_LINE = 1024 * 1024
"""Longest line read, in bytes without its end."""

MAX_COMMAS = 40_000
"""Most commas in a line, and so most figures: a bill of 1000 lines beside the longest history has fewer."""

KEPT_PROGRAMS = 16
_CHUNK = 64 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

log = logging.getLogger(__name__)


class ProgramCache:
    """Reads programs; the last few are kept, for the same one tends to come with every line."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Program] = OrderedDict()

    def read(self, value: object) -> Program:
        """Return a program; `ProgramError` where it cannot be applied."""
        if isinstance(value, dict):
            refuse_long_lists(value)
        # `repr` keeps an exact number apart from the same digits as text.
        text = json.dumps(value, default=repr)
        program = self._kept.pop(text, None) or read_program_value(value)
        self._kept[text] = program
        if len(self._kept) > KEPT_PROGRAMS:
            self._kept.popitem(last=False)
        return program


def answer_lines(source: IO[bytes], sink: IO[bytes], now: datetime) -> bool:
    """Answer every line as it comes; return whether none of them met a fault of our own.

    Args:
        source: JSON, one object a line; blank lines are passed over.
        sink: Gets one JSON object for each, written out at once.
        now: The shop's own time, for requests that name none.
    """
    encoder = msgspec.json.Encoder(decimal_format="number")
    programs = ProgramCache()
    sound = True
    for number, line in _lines(source):
        answer, expected = _answer(line, number, now, programs)
        sound = sound and expected
        sink.write(encoder.encode(answer) + b"\n")
        sink.flush()
    return sound


def _answer(line: bytes | None, number: int, now: datetime, programs: ProgramCache) -> tuple[Answer, bool]:
    """Return the answer to one line, and whether it is one we meant to give."""
    if line is None:
        return error_answer(RequestError("", None, f"a line of at most {MAX_LINE} bytes"), None, number), True
    if line.count(b",") > MAX_COMMAS:
        return error_answer(
            RequestError("", None, f"a line of at most {MAX_COMMAS} commas"), None, number
        ), True
    try:
        value = load_strictly(line)
    except MalformedJsonError as error:
        expected = f"{'strict JSON' if error.path else 'one JSON object'}, but this is {error}"
        return error_answer(RequestError(error.path, None, expected), None, number), True
    request_id = request_id_of(value)
    try:
        return answer_to(read_quote_request(value, now, programs.read)), True
    except RequestError as error:
        return error_answer(error, request_id, number), True
    except Exception:  # a fault in one answer must not take the answers after it
        log.exception("line %d could not be answered", number)
        fault = RequestError("", None, "an answer, but the program failed; this is a fault of ours")
        return error_answer(fault, request_id, number), False


def _lines(source: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line that is not blank with its number from 1; None stands for one that is too long."""
    number = 0
    while raw := source.readline(MAX_LINE + 2):
        number += 1
        line = raw.rstrip(b"\r\n")
        if number == 1:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if len(line) > MAX_LINE:
            while not raw.endswith(b"\n") and (raw := source.readline(_CHUNK)):
                pass
            yield number, None
        elif line.strip():
            yield number, line
