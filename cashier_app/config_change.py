"""Change which backend a settings file names, and leave everything else in it as it stands."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cashier_app.config import TillConfig, read_config
from cashier_app.errors import KnownError

if TYPE_CHECKING:
    from tomlkit.items import Table


def change_backend(path: Path, kind: str, address: str, settings: Mapping[str, object]) -> TillConfig:
    """Write another backend into a settings file, wholly or not at all, and return what then stands there.

    Comments, order and every other section stay. A token file that was named is named no more: secrets are
    kept by the till from now on.

    Args:
        path: A settings file that is right as it is.
        kind: The backend's kind.
        address: Empty for the usual one of its kind.
        settings: Text, numbers and truth values; as `[backend.settings]` will hold them.

    Raises:
        KnownError: The file cannot be read or written, or would not be right; it is as it was then.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    read_config(path)
    try:
        before = path.read_text(encoding="utf-8-sig")
        document = tomlkit.parse(before)
    except (OSError, ValueError, TOMLKitError) as error:
        raise KnownError(f"The settings file {path} cannot be read.") from error
    backend = cast("Table", document["backend"])
    backend["kind"] = kind
    _set(backend, "address", address)
    _set(backend, "token_file", "")
    if settings:
        table = backend.get("settings")
        if table is None:
            table = tomlkit.table()
            backend.append("settings", table)
        for gone in [name for name in table if name not in settings]:
            del table[gone]
        for name, value in settings.items():
            table[name] = value
    elif "settings" in backend:
        del backend["settings"]
    after = tomlkit.dumps(document)
    # A file for the whole computer is not this user's to write: what it says already is not written again.
    return read_config(path) if after == before else _replace(path, after)


def create_config(path: Path, text: str) -> TillConfig:
    """Write a settings file where there is none yet, wholly or not at all, and return what stands there.

    Only its owner may read it. Its folder is made as well.

    Raises:
        KnownError: There is one already, what was to be written is not right, or it cannot be written.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise KnownError(f"The settings file {path} cannot be written. Check its folder.") from error
    try:
        write_owners_file(fresh, text.encode())
        read_config(fresh)
        _put_where_none_is(fresh, path)
        _sync(path.parent)
    except FileExistsError as error:
        raise KnownError(f"There is a settings file already: {path}. It was left as it is.") from error
    except OSError as error:
        raise KnownError(f"The settings file {path} cannot be written. Check its folder.") from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return read_config(path)


def write_owners_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, down to the disk.

    Raises:
        OSError: It cannot be written.
    """
    with suppress(FileNotFoundError):
        path.unlink()  # or its mode would stay
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put_where_none_is(fresh: Path, target: Path) -> None:
    if sys.platform == "win32":
        fresh.rename(target)  # refuses where something is
        return
    try:
        os.link(fresh, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(target) from None
        fresh.rename(target)


def _set(table: Table, name: str, value: str) -> None:
    if value:
        table[name] = value
    elif name in table:
        del table[name]


def _replace(path: Path, text: str) -> TillConfig:
    """Write a file beside, see that it is right, and let it take the place of the one before."""
    target = path.resolve()  # a link stays a link
    fresh = target.with_name(f".{target.name}.new")
    try:
        mode = target.stat().st_mode & 0o777
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        read_config(fresh)
        fresh.replace(target)
        _sync(target.parent)
    except OSError as error:
        raise KnownError(f"The settings file {path} cannot be written. Check its folder.") from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return read_config(path)


def _sync(folder: Path) -> None:
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
