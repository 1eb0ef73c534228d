"""Build the bundle: `make bundle`. Two builds of one commit bring the same files.

Runs in the build's own environment. The order: say what this is (build.json), let PyInstaller collect, take
debug symbols out of Python's own library, write down what is in it, and let the bundle check itself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import bundle_contents
from bundle_contents import ROOT
from library_imports import library_imports
from program_facts import MAC_NAME

sys.path.insert(0, str(ROOT))

from cashier_app.bundle_files import write_list

NAME = "cashier-app"
STAMP = "build.json"
FILE_LIST = "files.sha256"
EXIT_FAILED = 1
_EPOCH = "SOURCE_DATE_EPOCH"


def main() -> int:
    """Build, check and put the bundle where it belongs; the exit code is the self-check's."""
    options = _options()
    problem = _unfit()
    if problem:
        sys.stderr.write(problem + "\n")
        return EXIT_FAILED
    built = build(options.work, quiet=options.quiet)
    code = 0 if options.unchecked else self_check(built)
    if code:
        sys.stderr.write(f"The bundle is broken; it was left in {built}.\n")
        return code
    bundle = options.dist / NAME
    bundle.parent.mkdir(parents=True, exist_ok=True)
    for made in (built, built.with_name(MAC_NAME)):
        if made.exists():
            shutil.rmtree(options.dist / made.name, ignore_errors=True)
            shutil.move(made, options.dist / made.name)
    print(f"{bundle}: {_size(bundle) / 1e6:.0f} MB")
    return 0


def build(work: Path, *, quiet: bool = False) -> Path:
    """Build the bundle and return its folder.

    Args:
        work: Where all of it is made; nothing is written elsewhere.
        quiet: Hide what PyInstaller says unless it fails.
    """
    stamps = work / "stamps"
    source, dist = work / "source", work / "built"
    for folder in (stamps, source):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for name in (*bundle_contents.PACKAGES, "resources"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "CHANGELOG.md", source / "resources" / "CHANGELOG.md")  # shown once
    stamp = stamp_of(source)
    (stamps / STAMP).write_text(json.dumps(stamp, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    # The same names in the same order with the same times, whoever builds.
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "0",
        "CASHIER_SOURCE": str(source),
        "CASHIER_STAMPS": str(stamps),
        _EPOCH: os.environ.get(_EPOCH) or _git("show", "-s", "--format=%ct", "HEAD") or "1767225600",
    }
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR"]
    command += ["--distpath", str(dist), "--workpath", str(work), str(ROOT / "installer" / "cashier.spec")]
    done = subprocess.run(command, env=environment, check=False, capture_output=quiet, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(f"PyInstaller failed.\n{(done.stdout or '') + (done.stderr or '')}")
    bundle = dist / NAME
    _strip_python(bundle / "_internal")
    shutil.copyfile(bundle / "_internal/cashier_app/resources/THIRD-PARTY.txt", bundle / "THIRD-PARTY.txt")
    shutil.copyfile(ROOT / "LICENSE", bundle / "LICENSE")
    write_list(bundle)
    (work / FILE_LIST).write_text("\n".join(file_list(bundle)) + "\n", encoding="utf-8")
    return bundle


def stamp_of(root: Path) -> dict[str, object]:
    """Return what the bundle says of itself: version, commit, and the modules and data files it must hold."""
    about: dict[str, str] = {}
    exec((root / "cashier_app" / "__init__.py").read_text(encoding="utf-8"), about)  # noqa: S102 - our own version
    modules = bundle_contents.modules(root)
    files = {
        f"{folder}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for file, folder in bundle_contents.data_files(root)
    }
    return {
        "version": about["__version__"],
        "commit": _git("rev-parse", "HEAD"),
        "changed": bool(_git("status", "--porcelain", "--", "cashier_app", "ui", "resources", "installer")),
        "modules": modules,
        "libraries": library_imports(modules, root),
        "files": files,
    }


def file_list(bundle: Path) -> list[str]:
    """Return each file of a bundle with its SHA-256, or where it points, sorted by place."""
    lines = []
    for file in sorted(bundle.rglob("*")):
        place = file.relative_to(bundle).as_posix()
        if file.is_symlink():
            lines.append(f"-> {file.readlink()}  {place}")
        elif file.is_file():
            lines.append(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {place}")
    return lines


def self_check(bundle: Path) -> int:
    """Let the frozen window check itself, without a display; returns its exit code."""
    command = [str(window_of(bundle)), "--self-check"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    # Through a pipe: a program with a window has no other standard output on Windows.
    done = subprocess.run(  # noqa: S603 - what was just built
        command, env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    print(done.stdout.decode("utf-8", "replace"), end="", flush=True)
    return done.returncode


def window_of(bundle: Path, platform: str = sys.platform) -> Path:
    """Return the window's program: what a shop starts, so on macOS the one in the application beside."""
    if platform == "darwin":
        return bundle.with_name(MAC_NAME) / "Contents" / "MacOS" / NAME
    return bundle / (f"{NAME}.exe" if platform == "win32" else NAME)


def _unfit() -> str:
    """Say why this Python cannot build, in one sentence; empty when it can."""
    if sys.platform != "linux":
        return ""
    if not sysconfig.get_config_var("Py_ENABLE_SHARED") and not _debian_has_shared_library():
        version = sysconfig.get_python_version()
        return (
            f"This Python {version} has no shared library, which a bundle needs. On Debian or Ubuntu: "
            f"sudo apt-get install libpython{version}"
        )
    if shutil.which("objdump") is None:
        return "The program objdump is missing. On Debian or Ubuntu: sudo apt-get install binutils"
    return ""


def _debian_has_shared_library() -> bool:
    folder = sysconfig.get_config_var("LIBDIR") or "/usr/lib"
    name = f"libpython{sysconfig.get_python_version()}*.so*"
    return any(Path(folder).rglob(name))


def _strip_python(internal: Path) -> None:
    """Take the debug symbols out of Python's own library and modules, where the tool for it is there.

    Libraries of wheels are left as they are: who built them stripped them, and some do not survive it twice.
    """
    tool = shutil.which("strip")
    if tool is None or sys.platform != "linux":
        return
    own = [*internal.glob("libpython*.so*"), *internal.glob("python3.*/lib-dynload/*.so")]
    for library in own:
        if not library.is_symlink():
            subprocess.run([tool, "--strip-unneeded", str(library)], check=True)  # noqa: S603


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run([git, "-C", str(ROOT), *arguments], check=False, capture_output=True, text=True)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else ""


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Build the bundle.")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the bundle is made")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build" / "bundle", help="where PyInstaller works"
    )
    parser.add_argument("--quiet", action="store_true", help="hide what PyInstaller says unless it fails")
    parser.add_argument("--unchecked", action="store_true", help="do not let the bundle check itself")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
