"""Where our files are: shipped resources, settings and the till's own data folder."""

import os
import sys
from pathlib import Path

from cashier_app.errors import KnownError

CONFIG_FILE = "till.toml"
CHANGELOG_FILE = "CHANGELOG.md"
NO_HOME = "This user has no home folder. Set HOME, or name settings and folder with --config and --data."


def resources() -> Path:
    """Return the folder of shipped data files, in a wheel, a frozen build and a checkout alike."""
    packaged = Path(__file__).parent / "resources"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "resources"


def changelog() -> Path:
    """Return the notes on all versions: among the shipped data files, or beside them in a checkout."""
    shipped = resources() / CHANGELOG_FILE
    return shipped if shipped.is_file() else resources().parent / CHANGELOG_FILE


def default_data_folder(*, demo: bool = False, training: bool = False) -> Path:
    """Return the till's data folder; demo and training have their own: neither can ever touch real sales.

    Raises:
        KnownError: Nobody knows where this user's files are.
    """
    import platformdirs

    name = "cashier-app-training" if training else "cashier-app-demo" if demo else "cashier-app"
    try:
        return Path(platformdirs.user_data_dir(name, appauthor=False))
    except (RuntimeError, OSError) as error:
        raise KnownError(NO_HOME) from error


def default_config_file() -> Path:
    """Return the settings file in force here: the user's own, else the computer's.

    Where there is none, the user's own as it will be.
    """
    own = own_config_file()
    return next((path for path in (own, *site_config_files()) if is_there(path)), own)


def is_there(path: Path) -> bool:
    """Say whether something stands at a place, also what cannot be read: it is told then, not passed over.

    A folder, a link that leads nowhere or in a circle, and what may not be looked at all count.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


def own_config_file() -> Path:
    """Return where this user's till settings are kept.

    Raises:
        KnownError: Nobody knows where this user's files are.
    """
    import platformdirs

    try:
        return Path(platformdirs.user_config_dir("cashier-app", appauthor=False)) / CONFIG_FILE
    except (RuntimeError, OSError) as error:
        raise KnownError(NO_HOME) from error


def site_config_files() -> tuple[Path, ...]:
    """Return where settings for everybody on this computer may be, the first that is there counting.

    On Linux the folders of ``XDG_CONFIG_DIRS`` where that is set, then always ``/etc/cashier-app``; on
    Windows the folder of ProgramData, on macOS that of ``/Library/Application Support``.
    """
    if sys.platform in {"win32", "darwin"}:
        import platformdirs

        return (Path(platformdirs.site_config_dir("cashier-app", appauthor=False)) / CONFIG_FILE,)
    named = [Path(folder) for folder in os.environ.get("XDG_CONFIG_DIRS", "").split(os.pathsep) if folder]
    return tuple(folder / "cashier-app" / CONFIG_FILE for folder in (*named, Path("/etc")))
