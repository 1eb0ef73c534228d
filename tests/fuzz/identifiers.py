"""Fuzz the parser of identifiers: any text in, a value out, in bounded time, no card number among them."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cashier_app.domain.identifier import (
    IdentifierRules,
    MemberNumber,
    Origin,
    Parsed,
    PhoneNumber,
    Unrecognised,
    WalletToken,
    parse_identifier,
)
from tests.fuzz.seeds import PIECES, RULES, SEEDS

Parse = Callable[[str, IdentifierRules, Origin], Parsed]

SLOWEST_SECONDS = 0.25
"""Of processor time, for one text. The longest is 256 bytes: whatever backtracks shows."""

_TOKEN = re.compile(r"[A-Za-z0-9_.~:-]{4,256}")
_NUMBER = re.compile(r"[A-Z]{0,3}-?[0-9]{4,20}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_RUN = re.compile(r"(?<![0-9])[1-9][0-9]{12,18}(?![0-9])")
_MOST_FINDINGS = 20


@dataclass
class Findings:
    """What a run found.

    Args:
        wrong: Text and what was wrong with its answer.
        kinds: How many texts had which kind of answer.
        slowest: Seconds of processor time, and the text.
    """

    tried: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")


def texts(seed: int) -> Iterator[str]:
    """Yield texts for ever: good ones, those changed in one to eight places, and noise."""
    chance = random.Random(seed)
    yield from SEEDS
    while True:
        text = chance.choice(SEEDS)
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            text = _changed(text, chance)
        yield text


def fuzz(count: int, seed: int, parse: Parse = parse_identifier) -> Findings:
    """Read this many texts and return what was wrong."""
    findings = Findings()
    chance = random.Random(seed + 1)
    parse("9845012210", RULES[0], Origin.TYPED)  # loads the numbering plans
    for text in texts(seed):
        if findings.tried >= count or len(findings.wrong) >= _MOST_FINDINGS:
            return findings
        findings.tried += 1
        rules, origin = chance.choice(RULES), chance.choice(tuple(Origin))
        before = time.process_time()
        try:
            parsed = parse(text, rules, origin)
        except Exception as error:  # noqa: BLE001 - any is what is looked for
            findings.wrong.append((text, f"raised {type(error).__name__}"))
            continue
        took = time.process_time() - before
        findings.slowest = max(findings.slowest, (took, text))
        findings.kinds[_kind(parsed)] += 1
        if took > SLOWEST_SECONDS:
            findings.wrong.append((text, f"took {took:.2f} s"))
        if trouble := _trouble(parsed):
            findings.wrong.append((text, trouble))
    raise AssertionError("the texts ended")


def _kind(parsed: Parsed) -> str:
    return parsed.reason if isinstance(parsed, Unrecognised) else type(parsed).__name__


def _trouble(parsed: Parsed) -> str:
    """Say what is wrong with an answer, judged without the parser's own code."""
    match parsed:
        case WalletToken(token, changing):
            if not _TOKEN.fullmatch(token):
                return "a token no backend takes"
            held = token if changing is None else changing.member
            return "a card number in a token" if any(_is_card(run) for run in _RUN.findall(held)) else ""
        case MemberNumber(number):
            if not _NUMBER.fullmatch(number):
                return "a number no backend takes"
            ours = number.startswith(("9826", "29")) or len(number) == 18
            return "a card number as a member's" if _is_card(number) and not ours else ""
        case PhoneNumber(e164):
            return "" if _PHONE.fullmatch(e164) else "a phone number of no known form"
        case Unrecognised():
            return ""
    return f"an answer of another type, {type(parsed).__name__}"


def _is_card(digits: str) -> bool:
    if not re.fullmatch(r"[0-9]{13,19}", digits):
        return False
    doubled = [int(digit) for digit in digits[-2::-2]]
    return (
        sum(int(digit) for digit in digits[-1::-2]) + sum(sum(divmod(2 * d, 10)) for d in doubled)
    ) % 10 == 0


def _changed(text: str, chance: random.Random) -> str:
    start = chance.randint(0, len(text))
    end = min(len(text), start + chance.choice((0, 0, 1, 1, 2, 5, 20)))
    match chance.randrange(9):
        case 0 | 1:
            return text[:start] + chance.choice(PIECES) + text[end:]
        case 2:
            return text[:start] + chance.choice(SEEDS) + text[end:]
        case 3:
            return text[:start] + text[end:]
        case 4:
            return text[:start] + text[start:end] * chance.choice((2, 3, 30)) + text[end:]
        case 5:
            return (
                text[:start]
                + chr(chance.choice((chance.randrange(256), chance.randrange(0x110000))))
                + text[end:]
            )
        case 6:
            return text[:start] + str(chance.randrange(10 ** chance.randint(1, 19))) + text[end:]
        case 7:
            return text.swapcase()
        case _:
            other = chance.choice(SEEDS)
            return text[:start] + other[chance.randint(0, len(other)) :]
