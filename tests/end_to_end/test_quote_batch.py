"""`quote --batch` and `quote --program` as strangers use them: a process, lines in, lines out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

PROGRAM: dict[str, Any] = {
    "currency": "INR",
    "point_name": {"singular": "coin", "plural": "coins"},
    "earning": {"rules": [{"kind": "per_amount", "points": 1, "per": 100}]},
    "redemption": [
        {
            "conversion": {"points": 1, "value": 1},
            "start_points": 100,
            "maximum_by_bill": [{"from_bill": 1000, "maximum": 200}, {"from_bill": 2500, "maximum": 250}],
        }
    ],
    "rewards": [{"kind": "amount_off", "reward_id": "fifty", "name": "50 off", "cost": 40, "value": 50}],
    "tiers": {"levels": [{"name": "Silver"}, {"name": "Gold", "threshold": 5000, "multiplier": 2}]},
}
COMMAND = [sys.executable, "-W", "error", "-m", "cashier_app", "quote"]


def request(**fields: object) -> str:
    return json.dumps({"program": PROGRAM, "account": {"balance": 1240}, "bill": 2360, **fields})


def batch(*lines: str | bytes, end: bytes = b"\n") -> list[dict[str, Any]]:
    """Return the answers to these lines; the exit code must be 0 and nothing may be said beside them."""
    sent = end.join(line.encode() if isinstance(line, str) else line for line in lines) + end
    done = subprocess.run([*COMMAND, "--batch"], input=sent, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.splitlines()]


def one(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=60, check=False, encoding="utf-8"
    )


def refused(*arguments: str) -> str:
    """Return the one sentence a refusal consists of."""
    done = one(*arguments)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    return sentence


@pytest.fixture
def program(tmp_path: Path) -> str:
    file = tmp_path / "program.json"
    file.write_text(json.dumps(PROGRAM))
    return str(file)


def test_answers_come_in_the_order_of_the_lines() -> None:
    answers = batch(*(request(id=bill, bill=bill) for bill in (3000, 999, 1000, 2360)))
    assert [answer["id"] for answer in answers] == [3000, 999, 1000, 2360]
    assert [answer["discount"] for answer in answers] == ["250.00", "0.00", "200.00", "200.00"]


def test_an_id_is_echoed_as_it_came() -> None:
    answers = batch(*(f'{{"id": {each}, "program": 5}}' for each in ('"a b"', "7", "1.50", "true", "null")))
    assert [answer["id"] for answer in answers] == ["a b", 7, 1.5, True, None]


BAD_LINES = [
    (b"{", ""),
    (b"5", ""),
    (b"null", ""),
    (b"[]", ""),
    (b'"text"', ""),
    (b"NaN", ""),
    (b'{"bill": NaN}', "bill"),
    (b'{"bill": 1, "bill": 2}', "bill"),
    (b"\xff\xfe\x00", ""),
    (b'{"id": "\\ud800"}', ""),
    (b"[" * 100_000, ""),
    (b'{"id": ' + b"9" * 5000 + b"}", "id"),
    (b"{}", "program"),
    (b'{"program": {"currency": "INR"}}', "bill"),
    (b'{"program": {"currency": "INR"}, "bill": 1e999}', "bill"),
    (b'{"program": {"currency": "INR"}, "bill": -1}', "bill"),
    (b'{"program": {"currency": "INR"}, "bill": 0.001}', "bill"),
    (b'{"program": {"currency": "JPY"}, "bill": 1.5}', "bill"),
    (b'{"program": {"currency": "INR"}, "bill": true}', "bill"),
    (b'{"program": {"currency": "inr"}, "bill": 1}', "program.currency"),
    (b'{"program": {"currency": "INR", "erning": {}}, "bill": 1}', "program.erning"),
    (b'{"program": {"currency": "INR"}, "bill": 1, "acount": {}}', "acount"),
    (b'{"program": {"currency": "INR"}, "bill": 1, "at": "2026-02-30"}', "at"),
    (b'{"program": {"currency": "INR"}, "bill": 1, "account": {"balance": "1.5"}}', "account.balance"),
    (b'{"program": {"currency": "INR"}, "bill": {"lines": [1]}}', "bill.lines[0]"),
    (b'{"program": {"currency": "INR"}, "bill": 1, "choice": {"point": 5}}', "choice.point"),
    (b'{"program": {"currency": "INR"}, "bill": 1, "refunds": ["some"]}', "refunds[0]"),
    (b'{"id": {}, "program": {"currency": "INR"}, "bill": 1}', "id"),
]


def test_bad_lines_are_answered_with_their_path_and_nothing_stops() -> None:
    lines = [line for bad, _ in BAD_LINES for line in (bad, request(id="good").encode())]
    answers = batch(*lines)
    assert len(answers) == len(lines)
    assert all(answer["points_used"] == "200" for answer in answers[1::2])
    for number, ((_, path), answer) in enumerate(zip(BAD_LINES, answers[::2], strict=True)):
        assert answer["error"]["path"] == path, answer
        assert answer["line"] == 2 * number + 1
        assert set(answer["error"]) == {"path", "value", "expected", "message"}
        assert answer["error"]["expected"] in answer["error"]["message"]
        assert len(json.dumps(answer)) < 2000


def test_a_line_of_more_than_a_mebibyte_is_refused_and_the_next_one_answered() -> None:
    just_right = request(id="right")
    just_right += " " * (1024 * 1024 - len(just_right))
    answers = batch(just_right, just_right + " ", b" " * 5_000_000, request(id="after"))
    assert [answer.get("line") for answer in answers] == [None, 2, 3, None]
    assert [answer["id"] for answer in answers] == ["right", None, None, "after"]


def test_blank_lines_are_passed_over_but_counted() -> None:
    (answer,) = batch("", "   ", "\t", "oops", "")
    assert answer["line"] == 4


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_may_end_as_on_any_system(end: bytes) -> None:
    assert [answer["id"] for answer in batch(request(id=1), request(id=2), end=end)] == [1, 2]


def test_a_byte_order_mark_before_the_first_line_does_no_harm() -> None:
    assert batch(b"\xef\xbb\xbf" + request(id=1).encode())[0]["points_used"] == "200"


def test_a_last_line_without_an_end_is_answered() -> None:
    assert batch(request(id=1), end=b"")[0]["id"] == 1


def test_no_lines_give_no_answers() -> None:
    assert batch() == []


def test_every_answer_comes_before_the_next_question_is_asked() -> None:
    with subprocess.Popen([*COMMAND, "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        questions, answers = pipes(process)
        for number in range(3):
            questions.write(request(id=number).encode() + b"\n")
            questions.flush()
            assert json.loads(answers.readline())["id"] == number
        questions.close()
        assert process.wait(20) == 0


def test_a_reader_that_goes_away_ends_the_batch_without_a_traceback() -> None:
    with subprocess.Popen(
        [*COMMAND, "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        questions, answers = pipes(process)
        answers.close()
        questions.write(request().encode() + b"\n")
        questions.close()
        assert process.wait(20) == 1
        assert process.stderr is not None
        assert process.stderr.read() == b""


def pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


def test_the_same_program_written_otherwise_is_another_program() -> None:
    loose = json.loads(request())
    loose["program"]["name"] = "1.5"
    wrong = json.dumps(loose).replace('"1.5"', "1.5")
    good, bad = batch(json.dumps(loose), wrong)
    assert good["points_used"] == "200"
    assert bad["error"]["path"] == "program.name"


def test_a_quote_by_a_program_file_says_the_same_as_the_batch(program: str) -> None:
    done = one("--program", program, "--bill", "2360", "--balance", "1240", "--tier", "gold", "--json")
    answer = json.loads(done.stdout)
    (expected,) = batch(request(account={"balance": 1240, "tier": "Gold"}))
    assert answer["reasons"]
    assert {key: expected[key] for key in answer if key != "reasons"} == {
        key: value for key, value in answer.items() if key != "reasons"
    }
    assert answer["points_earned"] == "43"


@pytest.mark.parametrize(
    ("arguments", "used", "discount"),
    [
        (["--points", "150"], "150", "150.00"),
        (["--amount", "99.50"], "99", "99.00"),
        (["--reward", "fifty"], "40", "50.00"),
        (["--nothing"], "0", "0.00"),
        ([], "200", "200.00"),
    ],
)
def test_a_choice_is_named_by_an_option(program: str, arguments: list[str], used: str, discount: str) -> None:
    done = one("--program", program, "--bill", "2360", "--balance", "1240", "--json", *arguments)
    answer = json.loads(done.stdout)
    assert (answer["points_used"], answer["discount"]) == (used, discount)


def test_a_quote_for_people_says_why(program: str) -> None:
    done = one("--program", program, "--bill", "2360", "--balance", "1240")
    assert done.returncode == 0, done.stderr
    assert "Discount      ₹200.00 for 200 coins" in done.stdout
    assert "Capped at ₹200 on bills under ₹2,500" in done.stdout
    assert "₹140 more on the bill unlocks ₹50 more" in done.stdout


def test_a_currency_of_letters_stands_before_its_figures(tmp_path: Path) -> None:
    file = tmp_path / "dinar.toml"
    file.write_text('currency = "KWD"\n')
    assert "Bill          KWD 23.750\n" in one("--program", str(file), "--bill", "23.75").stdout


def test_how_the_rest_is_paid_is_named_by_an_option(tmp_path: Path) -> None:
    file = tmp_path / "card.toml"
    rule = 'kind = "per_amount"\npoints = 1\nwhen = { paid_with = ["card"], from_time = "00:00" }\n'
    file.write_text(f'currency = "EUR"\n[[earning.rules]]\n{rule}')
    arguments = ("--program", str(file), "--bill", "12.50", "--json")
    assert json.loads(one(*arguments, "--paid-with", "card").stdout)["points_earned"] == "12"
    assert json.loads(one(*arguments).stdout)["points_earned"] == "0"
    assert "--paid-with" in refused("--batch", "--paid-with", "card")


@pytest.mark.parametrize(
    ("arguments", "used"), [(["--points", "150"], "150"), (["--nothing"], "0"), (["--amount", "99.50"], "99")]
)
def test_a_member_is_quoted_by_the_same_choices(arguments: list[str], used: str) -> None:
    done = one("--demo", "--member", "9845012210", "--bill", "2360", "--json", *arguments)
    assert json.loads(done.stdout)["points_used"] == used, done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lines.json", '[{"price": 1000, "quantity": 2}, {"price": 360}]'),
        ("bill.json", '{"lines": [{"price": "1180.00", "quantity": 2}]}'),
        ("bill.toml", "[[lines]]\nprice = 1180.00\nquantity = 2\n"),
    ],
)
def test_lines_come_from_a_file(program: str, tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    done = one("--program", program, "--lines", str(file), "--balance", "1240", "--json")
    assert json.loads(done.stdout)["payable"] == "2160.00"
    done = one("--program", program, "--lines", str(file), "--bill", "2360", "--balance", "1240", "--json")
    assert json.loads(done.stdout)["payable"] == "2160.00"
    assert "2360.00" in refused("--program", program, "--lines", str(file), "--bill", "2361")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--batch", "--bill", "5"],
        ["--batch", "--demo"],
        ["--member", "5"],
        ["--member", "5", "--bill", "5", "--balance", "5"],
        ["--program", "nothing.json", "--bill", "5"],
        ["--demo", "--member", "9845012210", "--bill", "2360", "--points", "1.5"],
        ["--program", "PROGRAM"],
        ["--program", "PROGRAM", "--bill", "5", "--demo"],
        ["--program", "PROGRAM", "--batch"],
        ["--program", "PROGRAM", "--member", "5", "--bill", "5"],
        ["--program", "PROGRAM", "--bill", "1,000"],
        ["--program", "PROGRAM", "--bill", "5", "--points", "1", "--nothing"],
        ["--program", "PROGRAM", "--bill", "5", "--tier", "Bronze"],
        ["--program", "PROGRAM", "--bill", "5", "--at", "tomorrow"],
        ["--program", "PROGRAM", "--bill", "5", "--lines", "nothing.json"],
        ["--program", "PROGRAM", "--bill", "5", "--lines", "PROGRAM"],
    ],
)
def test_what_makes_no_sense_gets_one_sentence(program: str, arguments: list[str]) -> None:
    assert refused(*(program if argument == "PROGRAM" else argument for argument in arguments))
