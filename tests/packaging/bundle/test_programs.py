"""The frozen programs do what those from source do, also where an installation is not as one would wish."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cashier_app import __version__
from cashier_app.bundle_files import FILE_LIST, write_list
from cashier_app.own_program import KEY_STORE_SWITCH
from cashier_app.security.credentials import NO_STORE
from tests.packaging.bundle.conftest import Run
from tests.packaging.bundle_files import Bundle
from tests.packaging.modules_seen import missing

DEMO_PICTURE = "cashier_app/resources/demo/wallet-aztec.png"


def test_it_checks_itself(bundle: Bundle, run: Run) -> None:
    done = run(bundle.window, "--self-check")
    assert done.returncode == 0, done.stdout
    assert "FAIL" not in done.stdout


def test_what_the_build_left_out_is_found(bundle: Bundle, run: Run, tmp_path: Path) -> None:
    """The planted bugs of a build the self-check must catch: modules, data files and a plugin gone."""
    broken = copied(bundle, tmp_path / "broken")
    inside = broken / "_internal"
    gone = {
        "modules": inside / "cashier_app" / "services" / "refunds.pyc",
        "libraries": inside / "segno" / "encoder.pyc",
        "files": inside / "cashier_app" / "resources" / "regions.json",
        "plugins": inside / "PySide6" / "Qt" / "plugins" / "platforms" / "libqxcb.so",
        "printing": next((inside / "fontpkg_inter" / "files").glob("Inter[[]*.ttf")),
    }
    for file in gone.values():
        file.unlink()
    write_list(broken)
    done = run(broken / "cashier-app", "--self-check")
    assert done.returncode == 1
    assert failed(done) >= gone.keys(), done.stdout


@pytest.mark.parametrize(
    ("place", "left"),
    [
        ("_internal/cashier_app/resources/demo/members.toml", 0.6),
        ("_internal/cashier_app/wording/__init__.pyc", None),
        ("_internal/PySide6/Qt/lib/libQt6Gui.so.6", 0.6),
        ("_internal/PySide6/Qt/lib/libQt6Core.so.6", None),
        ("_internal/PySide6/Qt/plugins/platforms/libqxcb.so", None),
        ("_internal/msgspec/_core*.so", 0.9),
        ("_internal/opencv_python_headless.libs/libavcodec*", 0.0),
        ("_internal/tzdata/zoneinfo/Asia/Kolkata", 0.6),
        ("_internal/ui/__main__.pyc", None),
        ("_internal/argparse.pyc", 0.6),
    ],
)
def test_damage_is_told_in_a_sentence(
    bundle: Bundle, run: Run, tmp_path: Path, place: str, left: float | None
) -> None:
    """Gone, emptied, cut short: also of what would end the process that loads it."""
    broken = copied(bundle, tmp_path / "broken")
    (file,) = broken.glob(place)
    content = file.read_bytes()
    file.unlink()
    if left is not None:
        file.write_bytes(content[: int(len(content) * left)])
    done = run(broken / "cashier-app", "--self-check")
    assert done.returncode == 1
    assert file.relative_to(broken).as_posix() in done.stdout
    assert failed(done) == {"installation"}
    assert done.stderr == ""


def test_a_library_of_ones_own_is_named_and_used(bundle: Bundle, run: Run, tmp_path: Path) -> None:
    """What the LGPL asks for: another build of Qt in its place, and the program starts."""
    own = copied(bundle, tmp_path / "own")
    file = own / "_internal" / "PySide6" / "Qt" / "lib" / "libQt6Svg.so.6"
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content + b"built by somebody else")
    done = run(own / "cashier-app", "--self-check")
    assert done.returncode == 0, done.stdout
    assert "replaced by somebody: _internal/PySide6/Qt/lib/libQt6Svg.so.6" in done.stdout


def test_a_system_without_authorities_is_told_so(bundle: Bundle, run: Run, tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or os.geteuid():
        pytest.skip("A SYSTEM WITHOUT AUTHORITIES WAS NOT TRIED: unshare and root are needed")
    (tmp_path / "nothing").mkdir()
    hidden = f'mount --bind {tmp_path / "nothing"} /etc/ssl && exec "$@"'
    done = run(bundle.window, "--self-check", before=[unshare, "--mount", "sh", "-c", hidden, "sh"])
    assert done.returncode == 1
    assert failed(done) == {"trust store"}, done.stdout


def copied(bundle: Bundle, target: Path) -> Path:
    """Return a copy of a bundle that shares its files: what is changed in it has to be unlinked first."""
    shutil.copytree(bundle.folder, target, symlinks=True, copy_function=os.link)
    list_file = target / FILE_LIST
    content = list_file.read_bytes()
    list_file.unlink()
    list_file.write_bytes(content)
    return target


def failed(done: subprocess.CompletedProcess[str]) -> set[str]:
    """Return the names of what the self-check found broken."""
    return {
        line.removeprefix("FAIL ").partition(":")[0] for line in done.stdout.splitlines() if "FAIL" in line
    }


def test_both_say_version_and_commit(bundle: Bundle, run: Run) -> None:
    lines = {run(program, "--version").stdout for program in (bundle.window, bundle.command_line)}
    assert len(lines) == 1
    assert lines.pop().startswith(f"cashier-app {__version__} (commit ")


def test_the_tour_is_played(bundle: Bundle, run: Run) -> None:
    done = run(bundle.window, "--demo", "--tour")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])
    assert facts["sales"] == 4
    assert facts["each_in_the_ledger_once"] is True


def test_the_tour_is_played_by_a_user_who_can_write_nothing_of_it(
    bundle: Bundle, run: Run, as_nobody: list[str]
) -> None:
    done = run(bundle.window, "--demo", "--tour", before=as_nobody, HOME=None, LC_ALL="C")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["sales"] == 4


@pytest.mark.parametrize("arguments", [["--demo"], ["--training"], []])
def test_a_user_without_a_home_is_told_so(
    bundle: Bundle, run: Run, as_nobody: list[str], arguments: list[str]
) -> None:
    done = run(bundle.window, *arguments, before=as_nobody, HOME=None, LC_ALL="C.UTF-8")
    assert done.returncode == 2
    assert done.stderr.startswith("This user has no home folder.")
    assert len(done.stderr.splitlines()) == 1


def test_a_home_nobody_can_write_is_named(bundle: Bundle, run: Run) -> None:
    done = run(bundle.window, "--demo", HOME="/proc/1/fdinfo", LC_ALL="C.UTF-8")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_network_it_is_whole(bundle: Bundle, run: Run) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or os.geteuid():
        pytest.skip("THE BUNDLE WITHOUT A NETWORK WAS NOT TRIED: unshare and root are needed")
    done = run(bundle.window, "--self-check", before=[unshare, "--net"])
    assert done.returncode == 0, done.stdout


def test_the_command_line_refuses_nonsense_in_one_line(bundle: Bundle, run: Run) -> None:
    done = run(bundle.command_line, "nonsense", LC_ALL="C")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "Try cashier-cli --help" in done.stderr


def test_a_picture_is_read(bundle: Bundle, run: Run) -> None:
    done = run(bundle.command_line, "decode", str(bundle.internal / DEMO_PICTURE))
    assert done.returncode == 0
    assert "Aztec" in done.stdout


def test_other_languages_are_written_in_the_locale_c(bundle: Bundle, run: Run) -> None:
    done = run(bundle.command_line, "identify", "اختبار", "--demo", "--json", LC_ALL="C")
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["kind"]


def test_the_doctor_finds_all_packages(bundle: Bundle, run: Run) -> None:
    answer = json.loads(run(bundle.command_line, "doctor", "--demo", "--json").stdout)
    assert answer["packages"]["ok"] is True
    assert "PySide6-Essentials" in answer["packages"]["words"]


def test_a_sheet_is_written_as_pdf(bundle: Bundle, run: Run, tmp_path: Path) -> None:
    run(bundle.command_line, "scanner-sheet", str(tmp_path / "sheet.pdf"))
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


def test_serial_ports_are_listed(bundle: Bundle, run: Run) -> None:
    assert run(bundle.command_line, "scanners").returncode == 0


def test_licences_are_shown_and_qt_s_are_whole(bundle: Bundle, run: Run) -> None:
    listing = run(bundle.command_line, "licences").stdout
    assert "PySide6_Essentials 6." in listing
    assert "opencv-python-headless" in listing
    texts = run(bundle.command_line, "licences", "pyside6_essentials").stdout
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts
    assert "GNU GENERAL PUBLIC LICENSE" in texts
    assert "pypi-more" not in listing


def test_the_key_store_helper_says_that_there_is_none(bundle: Bundle, run: Run) -> None:
    no_bus = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    done = run(bundle.command_line, KEY_STORE_SWITCH, told=_asked("describe"), **no_bus)
    assert json.loads(done.stdout) == {"problem": NO_STORE}


def test_a_secret_goes_into_a_real_key_store_and_out_again(bundle: Bundle, run: Run, tmp_path: Path) -> None:
    session, daemon = shutil.which("dbus-run-session"), shutil.which("gnome-keyring-daemon")
    if session is None or daemon is None:
        pytest.skip("A REAL KEY STORE WAS NOT TRIED: install dbus-daemon and gnome-keyring")
    questions = [
        _asked("describe"),
        _asked("write", "made up"),
        _asked("read"),
        _asked("remove"),
        _asked("read"),
    ]
    asked = " && ".join(f"echo {shlex.quote(one)} | $0 {KEY_STORE_SWITCH} && echo" for one in questions)
    script = f"printf unlocked | {daemon} --unlock --components=secrets >&2 && {asked}"
    done = run(bundle.command_line, before=[session, "--", "/bin/sh", "-c", script])
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [
        {"value": "SecretService"},
        {"value": None},
        {"value": "made up"},
        {"value": None},
        {"value": None},
    ], done.stderr


def _asked(do: str, value: str = "") -> str:
    return json.dumps({"service": "cashier-app-test", "name": "token", "do": do, "value": value})


def test_stand_ins_say_that_they_are_not_here(bundle: Bundle, run: Run) -> None:
    done = run(bundle.command_line, "stand-in", "contract")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_training_window_opens_and_ends_with_its_till(bundle: Bundle, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [str(bundle.window), "--training", "--data", str(tmp_path / "training")],
        env=environment,
        stderr=subprocess.PIPE,
    )
    try:
        marked = tmp_path / "training" / "till.sqlite"
        deadline = time.monotonic() + 60
        while not marked.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert marked.exists()
    finally:
        process.terminate()
        _, complaints = process.communicate(timeout=60)
    assert process.returncode == 0, complaints


def test_every_module_a_run_from_source_imports_is_there(bundle: Bundle, tmp_path: Path) -> None:
    """The program's own run, not what is written in its source: libraries import late, too."""
    script = (
        "import atexit, json, sys, pathlib\n"
        "from tests.packaging.modules_seen import imported\n"
        "from ui.__main__ import main\n"
        f"names = pathlib.Path({str(tmp_path / 'names.json')!r})\n"
        "atexit.register(lambda: names.write_text(json.dumps(imported())))\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--demo", "--tour"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
        check=False,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads((tmp_path / "names.json").read_text())
    assert len(seen) > 500
    assert missing(seen, bundle) == []
    assert missing([*seen, "cashier_app.left_behind"], bundle) == ["cashier_app.left_behind"]
