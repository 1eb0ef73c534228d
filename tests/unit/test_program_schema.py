"""The published schema says of a program what the types say, field by field, and the examples keep to it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec.inspect import (
    BoolType,
    CustomType,
    DateType,
    EnumType,
    IntType,
    NoneType,
    StrType,
    StructType,
    TimeType,
    TupleType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

from cashier_app import paths
from cashier_app.documents.problems import ProgramError
from cashier_app.documents.program_document import MAX_SIZE, load_program, program_value, read_program_value
from cashier_app.documents.toml_text import MAX_DOTS
from cashier_app.domain.program import Program
from cashier_app.strict_json import load_strictly

SCHEMA: dict[str, Any] = json.loads((paths.resources() / "schemas" / "program.schema.json").read_bytes())
EXAMPLES = sorted((paths.resources() / "programs").iterdir())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def followed(node: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what it refers to put in; what stands beside a reference wins."""
    while "$ref" in node:
        _, _, name = node["$ref"].rpartition("/")
        node = SCHEMA["$defs"][name] | {key: value for key, value in node.items() if key != "$ref"}
    return node


def plain_json(value: object) -> object:
    """Return what TOML gives in the shape that JSON would give it."""
    if isinstance(value, dict):
        return {key: plain_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain_json(each) for each in value]
    return value.isoformat() if isinstance(value, date | time) else value


def document(path: Path) -> object:
    text = path.read_bytes()
    if path.suffix == ".json":
        return load_strictly(text)
    return plain_json(tomllib.loads(text.decode(), parse_float=Decimal))


def pairs() -> Iterator[tuple[str, StructType, dict[str, Any]]]:
    """Yield every struct of a program with its path and its schema, each struct once."""
    root = type_info(Program)
    assert isinstance(root, StructType)
    waiting: list[tuple[str, StructType, dict[str, Any]]] = [("program", root, SCHEMA)]
    seen: set[type] = set()
    while waiting:
        path, struct, node = waiting.pop()
        if struct.cls in seen:
            continue
        seen.add(struct.cls)
        yield path, struct, node
        for field in struct.fields:
            below = node["properties"].get(field.encode_name, {})
            waiting.extend(structs_below(f"{path}.{field.encode_name}", field.type, below))


def structs_below(
    path: str, kind: Type, node: dict[str, Any]
) -> Iterator[tuple[str, StructType, dict[str, Any]]]:
    node = followed(node)
    match kind:
        case UnionType(types=types):
            structs = [each for each in types if isinstance(each, StructType)]
            choices = [followed(each) for each in node.get("oneOf", node.get("anyOf", ()))]
            for struct in structs:
                if struct.tag is None:
                    chosen = choices[0]
                else:
                    tags = {each["properties"][struct.tag_field]["const"]: each for each in choices}
                    assert set(tags) == {each.tag for each in structs}, path
                    chosen = tags[struct.tag]
                yield f"{path}<{struct.tag}>", struct, chosen
        case VarTupleType(item_type=item):
            yield from structs_below(f"{path}[]", item, node["items"])
        case StructType():
            yield path, kind, followed(node["anyOf"][0]) if path.endswith(".currency") else node


PAIRS = [pytest.param(struct, node, id=path) for path, struct, node in pairs()]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_struct_of_a_program_is_met() -> None:
    assert len(PAIRS) > 30


@pytest.mark.parametrize(("struct", "node"), PAIRS)
def test_a_table_has_the_fields_of_its_type(struct: StructType, node: dict[str, Any]) -> None:
    tag = {struct.tag_field} if struct.tag_field else set()
    assert set(node["properties"]) == {field.encode_name for field in struct.fields} | tag
    # Only the decimals of a currency may be left out of a document and not of the value.
    required = {field.encode_name for field in struct.fields if field.required} | tag
    assert set(node.get("required", ())) == required - {"decimals"}
    assert node["additionalProperties"] is False


@pytest.mark.parametrize(("struct", "node"), PAIRS)
def test_every_field_is_described_with_examples_that_hold(struct: StructType, node: dict[str, Any]) -> None:
    for part in (node, *node["properties"].values()):
        assert part["title"], part
        assert part["description"].endswith("."), part
    for field in node["properties"].values():
        assert field.get("examples") or "const" in field, field
        for example in field["examples"]:
            VALIDATOR.evolve(schema={**field, "$defs": SCHEMA["$defs"]}).validate(example)


@pytest.mark.parametrize(("struct", "node"), PAIRS)
def test_a_field_takes_what_its_type_takes(struct: StructType, node: dict[str, Any]) -> None:
    for field in struct.fields:
        if field.encode_name != "currency":
            check_kind(field.type, node["properties"][field.encode_name])


@pytest.mark.parametrize(("struct", "node"), PAIRS)
def test_a_field_has_the_default_of_its_type(struct: StructType, node: dict[str, Any]) -> None:
    for field in struct.fields:
        schema = node["properties"][field.encode_name]
        if field.required:
            assert "default" not in schema
        else:
            assert figure(schema["default"]) == figure(plain_default(field.default)), field.encode_name


def plain_default(value: object) -> object:
    if isinstance(value, msgspec.Struct):
        left = {name: getattr(value, name) for name in value.__struct_fields__}
        return left if "singular" in left else {} if value == type(value)() else left
    if isinstance(value, Enum):
        return value.value
    return [plain_default(each) for each in value] if isinstance(value, tuple) else value


def figure(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def check_kind(kind: Type, node: dict[str, Any]) -> None:
    node = followed(node)
    match kind:
        case UnionType(types=types) if any(isinstance(each, NoneType) for each in types):
            inner, null = node["anyOf"]
            assert null == {"type": "null"}
            check_kind(next(each for each in types if not isinstance(each, NoneType)), inner)
        case VarTupleType():
            assert node["maxItems"] == kind.max_length
            check_kind(kind.item_type, node["items"])
        case TupleType(item_types=items):
            assert node["minItems"] == node["maxItems"] == len(items)
            check_kind(items[0], node["items"])
        case StructType() | UnionType():
            assert node.get("type") == "object" or "oneOf" in node
        case _:
            check_single(kind, node)


def check_single(kind: Type, node: dict[str, Any]) -> None:
    match kind:
        case StrType():
            assert node["type"] == "string"
            assert kind.pattern is None or node["pattern"] == kind.pattern.removesuffix(r"\Z") + "$"
            if kind.max_length is not None:
                assert (node["maxLength"], node.get("minLength")) == (kind.max_length, kind.min_length)
        case IntType():
            assert node["type"] == "integer"
            assert kind.ge is None or node["minimum"] == kind.ge
            assert kind.le is None or node["maximum"] == kind.le
        case BoolType():
            assert node["type"] == "boolean"
        case DateType() | TimeType():
            assert node["type"] == "string"
            assert node["pattern"]
        case EnumType(cls=choices):
            assert node["enum"] == [choice.value for choice in choices]
        case CustomType(cls=cls):
            assert (
                node["anyOf"]
                == SCHEMA["$defs"][re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()]["anyOf"]
            )
        case _:
            raise AssertionError(kind)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_a_program_and_keeps_to_the_schema(path: Path) -> None:
    VALIDATOR.validate(document(path))
    program = load_program(path)
    written = program_value(program)
    VALIDATOR.validate(written)
    assert read_program_value(written) == program


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_says_first_what_it_shows(path: Path) -> None:
    assert path.suffix == ".json" or path.read_text("utf-8").startswith("# ")


def test_the_examples_of_the_schema_are_programs() -> None:
    for example in SCHEMA["examples"]:
        assert isinstance(read_program_value(example), Program)


def test_the_schema_names_the_limits_of_size() -> None:
    for limit in (*MAX_SIZE.values(), MAX_DOTS):
        assert str(limit) in SCHEMA["description"]


@pytest.mark.parametrize(
    "document",
    [
        {"currency": "INR", "colour": "red"},
        {"currency": "inr"},
        {},
        {"currency": "INR", "point_scale": 5},
        {"currency": "INR", "earning": {"rules": [{"kind": "per_amount", "points": -1}]}},
        {"currency": "INR", "tiers": {"levels": [{"name": ""}]}},
    ],
)
def test_what_the_schema_refuses_is_refused(document: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid(document)
    with pytest.raises(ProgramError):
        read_program_value(document)
