"""Where our files are: shipped resources and the till's own data folder."""

from pathlib import Path


def resources() -> Path:
    """Return the folder of shipped data files, in a wheel, a frozen build and a checkout alike."""
    packaged = Path(__file__).parent / "resources"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "resources"


def default_data_folder(*, demo: bool = False, training: bool = False) -> Path:
    """Return the till's data folder; demo and training have their own: neither can ever touch real sales."""
    import platformdirs

    name = "cashier-app-training" if training else "cashier-app-demo" if demo else "cashier-app"
    return Path(platformdirs.user_data_dir(name, appauthor=False))


def default_config_file() -> Path:
    """Return where this computer's till settings are kept."""
    import platformdirs

    return Path(platformdirs.user_config_dir("cashier-app", appauthor=False)) / "till.toml"
