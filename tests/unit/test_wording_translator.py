"""Translation: an object passed in, and every message found by extraction."""

import ast
import gettext
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import cashier_app.wording
from cashier_app.documents.lesson_document import load_lessons
from cashier_app.documents.lesson_text import sentences_of
from cashier_app.domain.lesson import Lesson
from cashier_app.wording import Translator
from cashier_app.wording.translator import DOMAIN

WORDING = Path(cashier_app.wording.__file__).parent
DELEGATES = {"speech.py", "translator.py", "lessons.py"}
"""They say what others give them; the messages of lessons stand in lessons, see `extract_lessons`."""

POLISH = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: pl\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\n"

msgid "Balance"
msgstr "Saldo"

msgid "worth {value}"
msgstr "wart {no_such_place}"

msgid "{n} sale waits"
msgid_plural "{n} sales wait"
msgstr[0] "{n} sprzedaż czeka"
msgstr[1] "{n} sprzedaże czekają"
msgstr[2] "{n} sprzedaży czeka"
"""


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    folder = tmp_path / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / f"{DOMAIN}.po").write_text(POLISH.lstrip(), encoding="utf-8")
    return tmp_path


def test_english_needs_no_file() -> None:
    translator = Translator.for_locale("en_IN")
    assert translator.language == "en"
    assert translator.text("Balance") == "Balance"
    assert translator.text("worth {value}", value="₹5") == "worth ₹5"
    assert translator.plural("{n} sale waits", "{n} sales wait", 1, n="1") == "1 sale waits"
    assert translator.plural("{n} sale waits", "{n} sales wait", 0, n="0") == "0 sales wait"


def test_the_language_of_a_locale_is_found_without_its_region(translations: Path) -> None:
    translator = Translator.for_locale("pl_PL", translations)
    assert translator.language == "pl"
    assert translator.text("Balance") == "Saldo"


def test_what_is_not_translated_stays_english(translations: Path) -> None:
    assert Translator.for_locale("pl", translations).text("Back") == "Back"
    assert Translator.for_locale("sv_SE", translations).text("Balance") == "Balance"


@pytest.mark.parametrize(
    ("n", "words"), [(1, "1 sprzedaż czeka"), (3, "3 sprzedaże czekają"), (5, "5 sprzedaży czeka")]
)
def test_plural_forms_are_those_of_the_language(translations: Path, n: int, words: str) -> None:
    translator = Translator.for_locale("pl", translations)
    assert translator.plural("{n} sale waits", "{n} sales wait", n, n=str(n)) == words


def test_a_broken_translation_never_stops_a_sale(translations: Path) -> None:
    assert Translator.for_locale("pl", translations).text("worth {value}", value="5") == "worth 5"


def test_a_compiled_catalogue_is_read_as_well(translations: Path) -> None:
    folder = translations / "pl" / "LC_MESSAGES"
    catalogue = read_po(BytesIO((folder / f"{DOMAIN}.po").read_bytes()))
    with (folder / f"{DOMAIN}.mo").open("wb") as stream:
        write_mo(stream, catalogue)
    (folder / f"{DOMAIN}.po").unlink()
    assert Translator.for_locale("pl", translations).text("Balance") == "Saldo"


def test_two_translators_live_side_by_side(translations: Path) -> None:
    cashier, customer = Translator.for_locale("en", translations), Translator.for_locale("pl", translations)
    assert (cashier.text("Balance"), customer.text("Balance")) == ("Balance", "Saldo")
    assert gettext.gettext("Balance") == "Balance"


def test_values_are_never_read_as_messages() -> None:
    assert Translator().text("worth {value}", value="{value} {0} {value.__class__}") == (
        "worth {value} {0} {value.__class__}"
    )


def _calls() -> Iterator[tuple[str, ast.Call, int]]:
    """Yield each call of `text` (1) or `plural` (2) in the wording, with how many messages it carries."""
    for path in sorted(WORDING.glob("*.py")):
        if path.name in DELEGATES - {"speech.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                count = {"text": 1, "plural": 2}.get(node.func.attr, 0)
                on_translator = isinstance(node.func.value, ast.Attribute)
                if count and not on_translator:
                    yield f"{path.name}:{node.lineno}", node, count


def test_every_message_is_a_literal_with_its_places_filled() -> None:
    checked = 0
    for where, call, count in _calls():
        messages = [argument.value for argument in call.args[:count] if isinstance(argument, ast.Constant)]
        assert len(messages) == count, f"{where}: a message must be a literal to be found by extraction"
        names = {keyword.arg for keyword in call.keywords}
        places = {place for message in messages for place in re.findall(r"{(\w+)}", str(message))}
        if None not in names:
            assert names == places, f"{where}: {names ^ places}"
        checked += 1
    assert checked > 150


def test_extraction_finds_every_message() -> None:
    # The command for translators: pybabel extract -k text -k plural:1,2 cashier_app/wording
    found = {
        message
        for _, _, messages, *_ in extract_from_dir(WORDING, keywords={"text": None, "plural": (1, 2)})
        for message in ((messages,) if isinstance(messages, str) else messages)
    }
    for where, call, count in _calls():
        for argument in call.args[:count]:
            assert isinstance(argument, ast.Constant)
            assert argument.value in found, where


def test_the_shops_words_are_kept() -> None:
    """Please, exclamation marks and abbreviations are for others."""
    for where, call, count in _calls():
        for argument in call.args[:count]:
            assert isinstance(argument, ast.Constant)
            assert is_the_shops(str(argument.value)), where


@pytest.mark.parametrize("lesson", load_lessons(), ids=lambda lesson: lesson.lesson_id)
def test_the_shops_words_are_kept_in_lessons(lesson: Lesson) -> None:
    assert [part for part, sentence in sentences_of(lesson) if not is_the_shops(sentence)] == []


def is_the_shops(message: str) -> bool:
    """Say whether a message has none of the words that are for others."""
    return "!" not in message and not re.search(r"\b(please|e\.g|i\.e|etc|approx)\b", message, re.IGNORECASE)
