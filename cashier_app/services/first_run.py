"""The first start of a till: what it asks, in which order, what has been answered, and what that makes.

Pure: files, Babel and the loyalty system are elsewhere. An answer that is left out gets a default that can be
changed later, so every step can be skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cashier_app.device_sections import ScannerSection

DEMO = "demo"
"""Stands where a kind of backend would: the demo shop, which needs no settings and keeps none."""

DEFAULT_TILL = "1"
LONGEST_STORE, LONGEST_TILL = 80, 8
PRACTICE = "TRAIN"


class Step(StrEnum):
    """The pages, in their order."""

    LANGUAGE = "language"
    SHOP = "shop"
    COUNTRY = "country"
    BACKEND = "backend"
    SCANNER = "scanner"
    CAMERA = "camera"
    MANAGER = "manager"
    READY = "ready"


STEPS = tuple(Step)
NOT_FOR_DEMO = frozenset({Step.SCANNER, Step.CAMERA, Step.MANAGER})
"""The demo shop brings its own people; devices are checked when the real shop is set up."""


class BackendAnswer(Struct, frozen=True):
    """Which loyalty system; never its secrets, which go straight to where they are sealed.

    Args:
        kind: Name of a kind of backend, or `DEMO`.
        settings: Texts, numbers and truth values, as ``[backend.settings]`` holds them.
    """

    kind: str
    address: str = ""
    settings: Mapping[str, str | int | bool] = {}


class Answers(Struct, frozen=True):
    """What was answered so far; None where nothing was. This is what is kept when somebody stops half-way.

    Args:
        currency: ISO 4217 letters.
        decimals: Of that currency, 0 to 4.
        camera: A camera's name; empty for the first one found.
        at: The page somebody was on.
    """

    language: str | None = None
    store: str | None = None
    till: str | None = None
    region: str | None = None
    currency: str | None = None
    decimals: int | None = None
    time_zone: str | None = None
    backend: BackendAnswer | None = None
    scanner: ScannerSection | None = None
    camera: str | None = None
    at: Step = Step.LANGUAGE


class Guess(Struct, frozen=True):
    """What the system says of where it stands, filled up to be whole.

    Args:
        sure: Whether the system said which country it is in.
    """

    language: str
    region: str
    currency: str
    decimals: int
    time_zone: str
    store: str
    sure: bool = True


class StoreProblem(StrEnum):
    """Why a shop's name is not taken."""

    TOO_LONG = "too long"
    NOT_PRINTABLE = "not printable"


class TillProblem(StrEnum):
    """Why a till's number is not taken."""

    TOO_LONG = "too long"
    NOT_PLAIN = "not plain"
    FOR_TRAINING = "for training"


def store_problem(name: str) -> StoreProblem | None:
    """Say why a shop's name is not taken; an empty one leaves the default."""
    if len(name) > LONGEST_STORE:
        return StoreProblem.TOO_LONG
    return None if name.isprintable() else StoreProblem.NOT_PRINTABLE


def till_problem(number: str) -> TillProblem | None:
    """Say why a till's number is not taken; an empty one leaves the default."""
    if len(number) > LONGEST_TILL:
        return TillProblem.TOO_LONG
    if number and not (number.isascii() and number.isalnum()):
        return TillProblem.NOT_PLAIN
    return TillProblem.FOR_TRAINING if number.upper().startswith(PRACTICE) else None


def steps_of(answers: Answers) -> tuple[Step, ...]:
    """Return the pages that are shown for these answers."""
    return tuple(step for step in STEPS if not (_is_demo(answers) and step in NOT_FOR_DEMO))


_FACTS = frozenset({Step.LANGUAGE, Step.SHOP, Step.COUNTRY})


def step_after(step: Step, answers: Answers, given: Answers | None = None) -> Step:
    """Return the page behind one; the last stays.

    Args:
        step: The page somebody goes on from.
        answers: So far.
        given: What a file made for many tills answers: its facts are not asked again. The loyalty system is,
            since its secrets stand in no file.
    """
    steps = steps_of(answers)
    if step not in steps:
        return Step.READY
    asked = (
        one
        for one in steps[steps.index(step) + 1 :]
        if not (given and one in _FACTS and is_answered(one, given))
    )
    return next(asked, steps[-1])


def step_before(step: Step, answers: Answers) -> Step:
    """Return the page before one; the first stays."""
    steps = steps_of(answers)
    return steps[max(steps.index(step) - 1, 0)] if step in steps else steps[-1]


def is_answered(step: Step, answers: Answers) -> bool:
    """Say whether a page has its answer; the devices' and the manager's pages may stay without one."""
    match step:
        case Step.LANGUAGE:
            return answers.language is not None
        case Step.SHOP:
            return answers.store is not None and answers.till is not None
        case Step.COUNTRY:
            return None not in {answers.region, answers.currency, answers.time_zone}
        case Step.BACKEND:
            return answers.backend is not None
        case Step.SCANNER:
            return answers.scanner is not None
        case Step.CAMERA:
            return answers.camera is not None
        case _:
            return False


def first_open_step(answers: Answers) -> Step:
    """Return the first page that must be answered and is not; the manager's where none is."""
    needed = (Step.LANGUAGE, Step.SHOP, Step.COUNTRY, Step.BACKEND)
    found = next((step for step in needed if not is_answered(step, answers)), None)
    return found or (Step.READY if _is_demo(answers) else Step.MANAGER)


def step_to_go_on(answers: Answers) -> Step:
    """Return the page where somebody stopped, or an earlier one that has no answer yet."""
    steps, first_open = steps_of(answers), first_open_step(answers)
    if answers.at in steps and steps.index(answers.at) <= steps.index(first_open):
        return answers.at
    return Step.READY if answers.at is Step.READY and first_open is Step.MANAGER else first_open


def filled(answers: Answers, guess: Guess) -> Answers:
    """Return the answers with defaults for what was left out, but for the loyalty system."""
    known_money = answers.currency is not None and answers.decimals is not None
    return replace(
        answers,
        language=answers.language or guess.language,
        store=answers.store or guess.store,
        till=answers.till or DEFAULT_TILL,
        region=answers.region or guess.region,
        currency=answers.currency if known_money else guess.currency,
        decimals=answers.decimals if known_money else guess.decimals,
        time_zone=answers.time_zone or guess.time_zone,
    )


def settings_tables(answers: Answers, given: Mapping[str, object]) -> dict[str, object]:
    """Return what the settings file says: what was given for all tills, and over it what was answered here.

    Args:
        answers: Whole ones, see `filled`, with a real loyalty system.
        given: Tables of a file made for many tills; may be empty.
    """
    tables = {name: value for name, value in given.items() if name != "first_run"}
    store = {
        "name": answers.store,
        "till": answers.till,
        "region": answers.region,
        "currency": answers.currency,
        "decimals": answers.decimals,
        "locale": f"{answers.language}_{answers.region}",
        "time_zone": answers.time_zone,
    }
    tables["store"] = {**_table(given, "store"), **store}
    if answers.backend is not None:
        chosen = answers.backend
        kept = {name: value for name, value in _table(given, "backend").items() if name == "posts_at_once"}
        if _same_backend(chosen, given):
            kept = dict(_table(given, "backend"))
        tables["backend"] = {
            **kept,
            "kind": chosen.kind,
            "address": chosen.address or None,
            "settings": dict(chosen.settings),
        }
    if answers.scanner is not None:
        tables["scanner"] = {**_table(given, "scanner"), **_plain(answers.scanner)}
    if answers.camera:
        tables["camera"] = {**_table(given, "camera"), "name": answers.camera}
    return tables


def answers_given(given: Mapping[str, object]) -> Answers:
    """Return what a file made for many tills answers; its values were checked before."""
    store, backend = _table(given, "store"), _table(given, "backend")
    locale = _text(store, "locale")
    settings = _table(backend, "settings")
    decimals = store.get("decimals")
    answered = None
    if backend:
        kind = _text(backend, "kind") or "contract"
        plain = {name: value for name, value in settings.items() if isinstance(value, str | int | bool)}
        answered = BackendAnswer(kind, _text(backend, "address") or "", plain)
    return Answers(
        language=locale.replace("-", "_").partition("_")[0] if locale else None,
        store=_text(store, "name"),
        till=_text(store, "till"),
        region=_text(store, "region"),
        currency=_text(store, "currency"),
        decimals=decimals if isinstance(decimals, int) else None,
        time_zone=_text(store, "time_zone"),
        backend=answered,
        camera=_text(_table(given, "camera"), "name"),
    )


def with_given(answers: Answers, given: Answers) -> Answers:
    """Return what was answered at this till, and what a file says where nothing was."""
    taken = {
        name: getattr(given, name)
        for name in Answers.__struct_fields__
        if name != "at" and getattr(answers, name) is None
    }
    return replace(answers, **taken)


def _is_demo(answers: Answers) -> bool:
    return answers.backend is not None and answers.backend.kind == DEMO


def _same_backend(chosen: BackendAnswer, given: Mapping[str, object]) -> bool:
    return answers_given({"backend": _table(given, "backend")}).backend == chosen


def _table(given: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def _text(table: Mapping[str, object], name: str) -> str | None:
    found = table.get(name)
    return found if isinstance(found, str) else None


def _plain(section: ScannerSection) -> dict[str, object]:
    return {name: getattr(section, name) for name in section.__struct_fields__}
