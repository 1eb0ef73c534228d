"""Write the published schema of lessons from what reads them.

A test holds `resources/schemas/lesson.schema.json` to it, and the loader to both. Write it anew with
python scripts/lesson_schema.py
"""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import msgspec

from cashier_app import paths
from cashier_app.documents import lesson_condition as conditions
from cashier_app.documents.lesson_document import MAX_SIZE, LessonFile
from cashier_app.domain.lesson import KEYS, Compare, Lesson, Mistake, Network, Stage, Step
from cashier_app.domain.till_facts import Facts

FILE = paths.resources() / "schemas" / "lesson.schema.json"

ABOUT = (
    f"A lesson of the practice till, in TOML, UTF-8, at most {MAX_SIZE} bytes. Its sentences are English"
    " source texts; a catalogue translates them. They may hold {name:MEMBER}, {first_name:MEMBER},"
    " {phone:MEMBER}, {number:MEMBER}, {money:MINOR UNITS}, {points:POINTS} and {points_name}; no markup,"
    " one line each."
    " Steps have different names, and so have the mistakes of one step."
)
OWN = {
    "id": "Its name in the records; never reused for another lesson.",
    "free_phones": "Phone numbers, E.164, that must be nobody's when it begins.",
    "until": "When it is done.",
    "when": "How it is recognised; it counts each time this comes to hold while the step is on.",
    "clear": "All is as usual again. No fault may stand beside it.",
    "spend_elsewhere": "Points members use at another till of the shop, now.",
    "block": "Members who may not earn or redeem from now on.",
    "unblock": "Members who may again.",
    "steps": "What is to be done, one after the other.",
    "member": "Whose points.",
    "points": "How many, now.",
    "scan": "A member's code is scanned; `code` says which.",
    "code": "Fixed where it is left out; fresh, stale and used ones rotate; same is the one held up last.",
    "receipt": "The code on the receipt of the sale made last is scanned.",
    "type": "These characters are typed.",
    "phone": "The phone number of this member is typed.",
    "pin": "The PIN of somebody of the practice shop is typed, by staff id.",
    "press": "A key is pressed, `times` times.",
    "times": "How often; once where it is left out.",
    "wait": "Nothing is done until this holds.",
    "rest_ms": "Hands rest this long, milliseconds.",
    "drop": "A picture of the demo shop, by its file name, is dropped on the window.",
}
KINDS: dict[str, tuple[type, ...]] = {
    "LessonFile": (Lesson,),
    "_Step": (Step,),
    "_Mistake": (Mistake,),
    "_Stage": (Stage, Network),
    "_Hand": (),
    "_Elsewhere": (),
}
ACTS = ("scan", "receipt", "type", "phone", "pin", "press", "wait", "rest_ms", "drop")
CONDITIONS = frozenset({"until", "needs", "when", "wait"})
NAMES = {"_Step": "step", "_Mistake": "mistake", "_Stage": "stage", "_Hand": "act", "_Elsewhere": "elsewhere"}


def schema() -> dict[str, Any]:
    """Return the whole schema."""
    made = msgspec.json.schema(LessonFile, schema_hook=lambda _: {"title": "any"})
    parts = {
        name: _tidied(name, part) for name, part in made["$defs"].items() if name in {*NAMES, "LessonFile"}
    }
    top = parts.pop("LessonFile")
    parts["_Hand"] |= {"oneOf": [{"required": [act]} for act in ACTS], "dependentRequired": _PAIRS}
    parts["_Hand"]["properties"]["press"] |= {"enum": sorted(KEYS)}
    parts["_Hand"]["properties"]["receipt"] |= {"const": True}
    parts["_Stage"] |= {"minProperties": 1}
    top["properties"]["steps"] |= {"minItems": 1}
    top["properties"]["free_phones"]["items"] |= {"pattern": r"^\+[0-9]{1,59}$"}
    defs = {NAMES[name]: part for name, part in parts.items()} | {"condition": condition()}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:cashier-app:lesson:1"}
    words = {"title": "Lesson", "description": ABOUT}
    return json.loads(json.dumps(head | _without_title(top) | words | {"$defs": defs}))  # type: ignore[no-any-return]


_PAIRS = {"code": ["scan"], "times": ["press"]}


def condition() -> dict[str, Any]:
    """Return the schema of a condition: one field for each way a fact may be compared."""
    told = _described(Facts)
    fields = {
        field: _compared(fact, compare) | {"description": told.get(fact, fact)}
        for field, (fact, compare) in conditions.fields_of_conditions().items()
    }
    return {
        "type": "object",
        "description": "Facts that must all hold together. A list means any of these; with _not, none.",
        "properties": fields,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": conditions.MAX_CHECKS,
    }


def _compared(fact: str, compare: Compare) -> dict[str, Any]:
    one = _value(fact)
    if compare in {Compare.AT_LEAST, Compare.AT_MOST}:
        return one
    return {"anyOf": [one, _several(one)]}


def _several(one: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": one, "minItems": 2, "maxItems": conditions.MAX_CHOICES}


def _value(fact: str) -> dict[str, Any]:
    kind = conditions.kinds_of_facts()[fact]
    if issubclass(kind, StrEnum):
        return {"enum": [choice.value for choice in kind]}
    if fact in conditions.WORDS:
        return {"enum": ["", *sorted(conditions.WORDS[fact])]}
    if kind is bool:
        return {"type": "boolean"}
    if kind is str:
        return {"type": "string", "maxLength": conditions.MAX_TEXT}
    number = "number" if kind is Decimal else "integer"
    return {"type": number, "minimum": -conditions.MAX_NUMBER, "maximum": conditions.MAX_NUMBER}


def _tidied(name: str, part: dict[str, Any]) -> dict[str, Any]:
    told = {text: said for kind in KINDS[name] for text, said in _described(kind).items()} | OWN
    properties = {
        name: _field(name, one) | {"description": told[name]} for name, one in part["properties"].items()
    }
    return _without_title({**part, "properties": properties})


def _field(name: str, field: dict[str, Any]) -> dict[str, Any]:
    """Return one field: null is TOML's nothing, patterns end at the end, references have our names."""
    if name in CONDITIONS:
        return {"$ref": "#/$defs/condition"}
    kept = {key: value for key, value in field.items() if key != "default" or value is not None}
    choices = [one for one in kept.pop("anyOf", []) if one != {"type": "null"}]
    if choices:
        kept |= choices[0]
    if name == "code":
        return {"enum": ["fixed", "fresh", "stale", "used", "same"]}
    if "items" in kept:
        kept["items"] = _field("", kept["items"])
    if "pattern" in kept:
        kept["pattern"] = kept["pattern"].removesuffix(r"\Z") + "$"
    if "$ref" in kept:
        kept["$ref"] = "#/$defs/" + NAMES[kept["$ref"].rpartition("/")[2]]
    return kept


def _without_title(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "title"}


def _described(kind: type) -> dict[str, str]:
    """Return what a docstring says of each argument; where one stands for several, of the first."""
    told: dict[str, str] = {}
    _, _, arguments = (kind.__doc__ or "").partition("Args:\n")
    for name, text in re.findall(r"^        (\w+): ((?:.|\n(?!        \w+: ))+)", arguments, re.MULTILINE):
        told[name] = " ".join(text.split())
    return told


def main() -> int:
    """Write it, and say where."""
    FILE.write_text(json.dumps(schema(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
