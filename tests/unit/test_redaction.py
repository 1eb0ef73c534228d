"""What a log may say when it leaves the shop: words of the program, and nothing that may be somebody's."""

from __future__ import annotations

import pytest

from cashier_app.security.redaction import Redactor, alike, vocabulary
from tests import support_words
from tests.fakes.planted import CODES, PERSONS, PHONES, PLACES, SECRETS

WORDS = vocabulary()
REDACTOR = Redactor(WORDS, till="2")


@pytest.mark.parametrize("text", [*PERSONS, *PHONES, *SECRETS.values(), *PLACES.values(), *CODES.values()])
@pytest.mark.parametrize(
    "around",
    ["no account for {} here", "{}", "'{}'", "phone={}", "({}),", "[{}]", "sale 2-0418 {}: refused", "{}{}"],
)
def test_what_may_be_somebodys_is_hidden(text: str, around: str) -> None:
    shown = REDACTOR.text(around.replace("{}", text)).casefold()
    assert text.casefold() not in shown
    assert not any(part.casefold() in shown for part in text.split() if len(part) > 3 and not part.isascii())


@pytest.mark.parametrize(
    "text",
    [
        "The sales database is damaged. It was left as it is; call support.",
        "2-0418 refused: balance_too_low",
        "[Errno 111] Connection refused",
        "certificate verify failed: unable to get local issuer certificate",
        "409 after 3 tries in 12 ms",
        "written 2026-11-22T10:30:00+00:00 by SQLite 3.51.3",
        "KeyError in cashier_app.services.lookup",
        "database disk image is malformed",
        "the queue waits, 45% done",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert REDACTOR.text(text) == text


@pytest.mark.parametrize(
    "between", [",", ", ", "~", "|", ";", ":", "'", "*", "_", "\0", "\u200b", " / ", "%", "+"]
)
@pytest.mark.parametrize("groups", [("98", "45", "09", "84", "50"), ("984", "509", "845"), ("48", "21")])
def test_a_number_in_groups_is_hidden_whatever_stands_between_them(
    between: str, groups: tuple[str, ...]
) -> None:
    for around in ("{}", "no account for {} here", "number {}", "number-{}", "number:{}", "tries={}, 12 ms"):
        shown = REDACTOR.text(around.replace("{}", between.join(groups)))
        assert not [group for group in groups if group in shown], shown


@pytest.mark.parametrize("text", ["12.34.56", "22.11.85", "1985-11-22", "22/11/1985"])
def test_a_date_of_birth_is_no_version(text: str) -> None:
    assert not any(character.isdigit() for character in REDACTOR.text(f"the account {text} is not there"))


@pytest.mark.parametrize(
    "text",
    [
        "token: open-sale-queue",
        "password=queue",
        'passphrase: "open the queue"',
        "'secret': 'open the queue'",
        "Authorization: Bearer queue",
        "Basic queue",
        "api_key=queue&pin=open",
    ],
)
def test_what_is_called_a_secret_is_hidden_though_its_words_are_ours(text: str) -> None:
    shown = REDACTOR.text(f"refused: {text}").lower()
    assert "queue" not in shown
    assert "open" not in shown


@pytest.mark.parametrize("text", ["&#80;&#114;&#105;&#121;&#97;", "%70%72%69%79%61", "50:72:69:79:61"])
def test_a_name_in_numbers_is_hidden(text: str) -> None:
    assert not any(character.isdigit() for character in REDACTOR.text(f"refused for {text}: other"))


def test_what_errors_are_called_stays_and_a_name_that_ends_so_does_not() -> None:
    for name in ("KeyError", "KnownError", "RemoteProtocolError", "JSONDecodeError", "BadZipFile"):
        assert REDACTOR.text(f"refused: {name}") == f"refused: {name}"
    for name in ("PriyaError", "MeeraNairException"):
        assert name not in REDACTOR.text(f"refused: {name}")
        assert name not in REDACTOR.log(f"Traceback (most recent call last):\n{name}: refused\n")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["\0", "*", " ", "^ ", "a|", "a@", "1 - ", "token ", "&#80;"])
def test_a_line_of_whatever_takes_no_minutes(unit: str) -> None:
    # A log after a power cut may hold a long run of NUL; this took hours once.
    line = unit * (200_000 // len(unit))
    assert len(REDACTOR.log(f"{line}\nTraceback (most recent call last):\n{line}\n")) > 0


def test_what_is_known_to_be_here_is_hidden_though_its_words_are_ours() -> None:
    redactor = Redactor(WORDS, {"/srv/till", "queue", "x"})
    assert "queue" not in redactor.text("the queue is open").lower()
    assert REDACTOR.text("the queue is open") == "the queue is open"
    assert redactor.text("x is 3") != "", "one letter is no name"


def test_an_id_can_be_followed_but_not_read() -> None:
    shown = REDACTOR.text(f"effect {CODES['member id']} posted")
    assert shown == f"effect {alike(CODES['member id'])} posted"
    assert REDACTOR.text(CODES["member id"].upper()) == alike(CODES["member id"])


def test_receipts_of_another_till_are_numbers_like_any_other() -> None:
    assert "0418" not in REDACTOR.text("3-0418")
    assert "0418" not in Redactor(WORDS).text("2-0418")


def test_a_stack_keeps_where_and_loses_what() -> None:
    shown = REDACTOR.log(
        "2026-11-22 10:00:00,125 CRITICAL ui.application: nobody caught this\n"
        "Traceback (most recent call last):\n"
        '  File "/home/meera/cashier_app/services/lookup.py", line 12, in find\n'
        '    raise KeyError("Meera Nair")\n'
        "          ^^^^^^^^^^^^^^^^^^^^^^\n"
        '  File "C:\\Users\\Meera\\site-packages\\httpx\\_client.py", line 9, in send\n'
        '  File "/tmp/meera.py", line 9, in meera\n'
        "KeyError: 'no account for Meera Nair'\n"
        "\n"
        "During handling of the above exception, another exception occurred:\n"
        "httpx.ConnectError: [Errno 111] Connection refused\n"
    )
    assert shown.splitlines() == [
        "2026-11-22 10:00:00,125 CRITICAL ui.application: nobody caught this",
        "Traceback (most recent call last):",
        '  File "cashier_app/services/lookup.py", line 12, in find',
        '  File "_client.py", line 9, in send',
        '  File "(hidden)", line 9, in (hidden)',
        "KeyError: 'no account for (hidden)'",
        "",
        "During handling of the above exception, another exception occurred:",
        "ConnectError: [Errno 111] Connection refused",
    ]


def test_a_logger_that_is_not_ours_is_not_named() -> None:
    shown = REDACTOR.log("2026-11-22 10:00:00,125 ERROR meera.nair: it failed\n")
    assert shown == "2026-11-22 10:00:00,125 ERROR (hidden): it failed\n"


def test_nearly_all_words_of_the_programs_log_are_in_the_list() -> None:
    # A new line may bring a new word; `python -m tests.support_words` brings the list up to date.
    said = [word for line in support_words.log_lines() for word in line.lower().split() if word.isalpha()]
    hidden = [word for word in said if word not in {known.lower() for known in WORDS}]
    assert len(said) > 300
    assert len(hidden) < 0.1 * len(said), sorted(set(hidden))


def test_no_word_of_the_list_names_anybody() -> None:
    names = {part.casefold() for person in PERSONS for part in person.replace(".", " ").split()}
    assert not names & {word.casefold() for word in WORDS}
    assert not support_words.NEVER & {word.casefold() for word in WORDS}
