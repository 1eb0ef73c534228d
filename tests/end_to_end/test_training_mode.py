"""`cashier-app --training` as a process: its folder, its end, and the till that opened it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import apsw
import pytest

from cashier_app.data_folder import JOURNAL_FILE
from cashier_app.domain.sale import EffectKind
from cashier_app.storage import practice_mark
from cashier_app.storage.journal import SqliteJournal
from cashier_app.storage.opening import open_journal
from tests.fakes.clock import START
from tests.fakes.effects import effect, sale
from tests.storage.test_practice_mark import contents

PATIENCE_SECONDS = 30.0
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals end no window there")

SETTINGS = """
[store]
name = "Marigold Stores"
till = "2"
region = "IN"
currency = "INR"
decimals = 2
locale = "en_IN"
time_zone = "Asia/Kolkata"

[backend]
address = "http://127.0.0.1:{port}"
token_file = "{token}"
"""


def environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def window(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the window to its end."""
    command = [sys.executable, "-W", "error", "-m", "ui", *arguments]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def training(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start training as a till does, and wait until its window is seen."""
    command = [sys.executable, "-W", "error", "-m", "ui", "--training", "--till-fd", "0", *arguments]
    process = subprocess.Popen(
        command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"trainee":"Asha Rao"}\n')
        process.stdin.flush()
        said = process.stdout.readline()
        assert said == b"opened\n", process.stderr.read() if process.stderr else said
        yield process
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        process.wait()


def until(holds: Callable[[], bool]) -> None:
    """Wait until this holds."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        threading.Event().wait(0.02)


def is_alive(process_id: int) -> bool:
    """Say whether a process runs; one that waits for its parent to look has ended."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        with suppress(OSError):
            os.kill(process_id, 0)
            return not Path("/proc").is_dir()
        return False
    return state != "Z"


@pytest.mark.parametrize("how", ["the till has gone", pytest.param("SIGTERM", marks=posix_only), "asked"])
def test_training_starts_in_its_own_folder_and_ends(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "practice"
    with training("--data", str(folder)) as process:
        assert process.stdin is not None
        assert (folder / practice_mark.MARK_FILE).exists()
        if how == "SIGTERM":
            process.send_signal(signal.SIGTERM)
        elif how == "asked":
            process.stdin.write(b'{"ask":"show"}\n{"ask":"end"}\n')
            process.stdin.flush()
        else:
            process.stdin.close()
        assert process.wait(PATIENCE_SECONDS) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    with closing(apsw.Connection(str(folder / JOURNAL_FILE))) as connection:
        assert practice_mark.holds_mark(connection)


def test_it_refuses_a_folder_of_work_and_changes_no_byte_of_it(tmp_path: Path) -> None:
    path = tmp_path / "work" / JOURNAL_FILE
    path.parent.mkdir()
    with closing(open_journal(path, "2", START)) as journal:
        journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
    before = contents(path.parent)
    for mode in ("--training", "--demo"):
        done = window(mode, "--data", str(path.parent))
        assert (done.returncode, done.stderr.strip()) == (2, practice_mark.IS_WORK)
    assert contents(path.parent) == before


def test_a_till_that_works_refuses_a_folder_of_training(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    with training("--data", str(folder)) as process:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(PATIENCE_SECONDS)
    config = settings(tmp_path, port=9)
    done = window("--config", str(config), "--data", str(folder))
    assert (done.returncode, done.stderr.strip()) == (2, practice_mark.IS_PRACTICE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--training", "--demo"), "Say --training or --demo, not both."),
        (("--till-fd", "0"), "--till-fd goes with --training."),
        (("--training", "--till-fd", "0"), "TRAINING was not told what to open."),
        (("--training", "--tour"), "The tour needs the demo shop"),
    ],
)
def test_nonsense_gets_one_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    command = [sys.executable, "-m", "ui", *arguments, "--data", str(tmp_path / "practice")]
    done = subprocess.run(
        command,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "practice").exists()


def test_the_shop_s_own_till_practises_under_its_own_name(tmp_path: Path) -> None:
    config = settings(tmp_path, port=9)
    folder = tmp_path / "practice"
    with training("--config", str(config), "--data", str(folder)) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE_SECONDS) == 0
    with closing(SqliteJournal(folder / JOURNAL_FILE, "TRAIN2")) as journal:
        assert journal.counts().waiting == 0


@contextmanager
def work_till(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start a till that works and opens training from its menu; yield it with the id of training."""
    config = settings(folder, port=9)  # nobody answers there
    command = [sys.executable, "-m", "tests.end_to_end.training_till", *arguments]
    process = subprocess.Popen(
        [*command, "--config", str(config), "--data", str(folder / "work")],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    # A training that never opens would be read from for ever.
    impatient = threading.Timer(PATIENCE_SECONDS, process.kill)
    impatient.start()
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        impatient.cancel()
        assert said, "training was never opened"
        yield process, int(said)
    finally:
        impatient.cancel()
        impatient.join()
        process.kill()
        process.communicate()


@posix_only
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_training_opened_from_a_till_ends_with_it(tmp_path: Path, number: signal.Signals) -> None:
    with work_till(tmp_path) as (process, child):
        assert is_alive(child)
        assert (tmp_path / "work-training" / practice_mark.MARK_FILE).exists()
        process.send_signal(number)
        process.wait(PATIENCE_SECONDS)
        until(lambda: not is_alive(child))
    assert not (tmp_path / "work" / practice_mark.MARK_FILE).exists()


def test_the_menu_opens_training_and_a_key_ends_it(tmp_path: Path) -> None:
    with work_till(tmp_path, "--ends-it") as (process, child):
        assert process.stdout is not None
        assert process.stdout.readline() == "back\n"
        until(lambda: not is_alive(child))
        assert process.poll() is None, "the till goes on"


def settings(folder: Path, port: int) -> Path:
    """Write the settings of a till that works."""
    token = folder / "token"
    token.write_text("made-up-for-this-till\n", encoding="ascii")
    token.chmod(0o600)
    config = folder / "till.toml"
    config.write_text(SETTINGS.format(port=port, token=token.as_posix()), encoding="utf-8")
    return config


def test_answers_of_the_command_line_say_training(tmp_path: Path) -> None:
    folder, config = tmp_path / "practice", settings(tmp_path, port=9)
    with closing(open_journal(folder_of(folder), "TRAIN2", START, training=True)) as journal:
        journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
    shop = ("--training", "--data", str(folder))
    for command in (("outbox", "list"), ("day", "list"), ("stats",), ("health",), ("discrepancies",)):
        assert command_line(*command, *shop).startswith("TRAINING: nothing here is real\n"), command
        answer = json.loads(command_line(*command, *shop, "--json"))
        assert (answer["training"], answer["mark"]) == (True, "TRAINING: nothing here is real"), command
    table = command_line("stats", "--csv", *shop).splitlines()
    assert all(line.startswith("TRAINING") for line in table)
    work = ("--config", str(config), "--data", str(folder))
    for command in (("outbox", "list"), ("day", "list"), ("stats",), ("health",), ("outbox", "backup")):
        assert command_line(*command, *work, fails=True) == practice_mark.IS_PRACTICE, command
    real = tmp_path / "real"
    with closing(open_journal(folder_of(real), "2", START)):
        pass
    assert (
        command_line("outbox", "list", "--training", "--data", str(real), fails=True) == practice_mark.IS_WORK
    )
    assert "TRAINING" not in command_line("outbox", "list", "--config", str(config), "--data", str(real))


def test_an_inspector_is_shown_every_operation_chained_and_marked(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    path = folder_of(folder)
    with closing(open_journal(path, "TRAIN2", START, training=True)) as journal:
        journal.commit_sale(sale(1), [effect(EffectKind.SALE, 1)])
    shown = ("training", "record", "--data", str(folder))
    first, begun, *_, last = command_line(*shown).splitlines()
    assert first == "TRAINING: nothing here is real"
    assert "training" in begun
    assert last == "2 operations, all simulation. Every row follows from the one before."
    answer = json.loads(command_line(*shown, "--json"))
    assert [row["event"] for row in answer["rows"]] == ["training", "committed"]
    assert (answer["training"], answer["simulation"], answer["first_broken_row"]) == (True, True, None)
    assert all(line.startswith("TRAINING") for line in command_line(*shown, "--csv").splitlines())
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute("UPDATE audit SET detail = 'nothing' WHERE event = 'committed'")
    assert "Broken from row 2 on." in answer_of(*shown, code=2)
    work = tmp_path / "work"
    with closing(open_journal(folder_of(work), "2", START)):
        pass
    assert command_line("training", "record", "--data", str(work), fails=True) == practice_mark.IS_WORK


def answer_of(*arguments: str, code: int) -> str:
    """Return what `cashier-cli` prints before it ends with this code."""
    command = [sys.executable, "-W", "error", "-m", "cashier_app", *arguments]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code
    return done.stdout


def folder_of(folder: Path) -> Path:
    """Make a folder and return where its sales go."""
    folder.mkdir()
    return folder / JOURNAL_FILE


def command_line(*arguments: str, fails: bool = False) -> str:
    """Return what `cashier-cli` prints, or the sentence it ends with."""
    command = [sys.executable, "-W", "error", "-m", "cashier_app", *arguments]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode == 2) is fails, done.stderr
    return done.stderr.strip() if fails else done.stdout
