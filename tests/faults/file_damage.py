"""The ways a database's files are damaged, put back, emptied or taken away."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import apsw

from cashier_app.storage.database import APPLICATION_ID, SCHEMA_VERSION
from cashier_app.storage.installation import KEY_COPY, KEY_FILE
from tests.faults.damaged_shop import FILE

PAGE = 4096

Ruin = Callable[[Path, random.Random], None]
"""Damages the files of a folder."""


def _edit(folder: Path, change: Callable[[bytearray], bytearray | None], name: str = FILE) -> None:
    content = bytearray((folder / name).read_bytes())
    changed = change(content)
    (folder / name).write_bytes(content if changed is None else changed)


def flip_one_bit(folder: Path, chance: random.Random) -> None:
    """Flip one bit anywhere in the database."""

    def flip(content: bytearray) -> None:
        bit = chance.randrange(len(content) * 8)
        content[bit // 8] ^= 1 << bit % 8

    _edit(folder, flip)


def zero_the_header(folder: Path, _: random.Random) -> None:
    """Zero the first hundred bytes."""
    _edit(folder, lambda content: bytearray(100) + content[100:])


def zero_the_first_page(folder: Path, _: random.Random) -> None:
    """Zero the first page, and with it the schema."""
    _edit(folder, lambda content: bytearray(PAGE) + content[PAGE:])


def garble_a_page(folder: Path, chance: random.Random) -> None:
    """Put chance bytes into one page; also an inner page, a root or the schema's."""

    def garble(content: bytearray) -> None:
        start = chance.randrange(len(content) // PAGE) * PAGE
        content[start : start + PAGE] = chance.randbytes(PAGE)

    _edit(folder, garble)


def zero_a_page(folder: Path, chance: random.Random) -> None:
    """Zero one page, as a drive does that has forgotten it."""

    def zero(content: bytearray) -> None:
        start = chance.randrange(len(content) // PAGE) * PAGE
        content[start : start + PAGE] = bytes(PAGE)

    _edit(folder, zero)


def truncate(folder: Path, chance: random.Random) -> None:
    """Cut the database off anywhere."""
    _edit(folder, lambda content: content[: chance.randrange(1, len(content))])


def empty(folder: Path, _: random.Random) -> None:
    """Leave a database of 0 bytes, which SQLite opens as a healthy new one."""
    (folder / FILE).write_bytes(b"")


def empty_schema(folder: Path, _: random.Random) -> None:
    """Put a healthy database without any table in its place."""
    (folder / FILE).unlink()
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        connection.execute("PRAGMA user_version=0; VACUUM")


def take_away(folder: Path, _: random.Random) -> None:
    """Delete the database."""
    (folder / FILE).unlink()


def cut_the_schema_version(folder: Path, _: random.Random) -> None:
    """Set the header's version one higher: a flipped bit there looks like a newer program's file."""
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")


def lose_the_key(folder: Path, _: random.Random) -> None:
    """Delete both files of the key."""
    (folder / KEY_FILE).unlink()
    (folder / KEY_COPY).unlink()


def damage_one_key(folder: Path, chance: random.Random) -> None:
    """Flip a bit in one of the two files of the key."""

    def flip(content: bytearray) -> None:
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)

    _edit(folder, flip, chance.choice([KEY_FILE, KEY_COPY]))


def edit_a_sale(folder: Path, chance: random.Random) -> None:
    """Change a number in a sale, as somebody with a database tool does."""
    _execute(folder, chance, "UPDATE sale SET body = replace(body, '216000', '116000') WHERE counter = ?1")


def edit_an_effect(folder: Path, chance: random.Random) -> None:
    """Call an effect posted that is not."""
    _execute(
        folder,
        chance,
        "UPDATE effect SET state = 'posted' WHERE sequence = "
        "(SELECT sequence FROM effect WHERE state <> 'posted' LIMIT 1 OFFSET ?1 % 10)",
    )


def delete_a_sale(folder: Path, chance: random.Random) -> None:
    """Delete a sale with its effects."""
    _execute(
        folder,
        chance,
        "DELETE FROM effect WHERE sale_id = (SELECT sale_id FROM sale WHERE counter = ?1)",
        "DELETE FROM sale WHERE counter = ?1",
    )


def delete_an_effect(folder: Path, chance: random.Random) -> None:
    """Delete an effect of a committed sale."""
    _execute(
        folder,
        chance,
        "DELETE FROM effect WHERE sequence = "
        "(SELECT sequence FROM effect WHERE kind IN ('sale', 'capture') LIMIT 1 OFFSET ?1)",
    )


def put_a_backup_back(folder: Path, _: random.Random) -> None:
    """Copy a backup over the database, as somebody does who means well."""
    backup = max((folder / "backups").iterdir())
    (folder / FILE).write_bytes(backup.read_bytes())


def lose_the_log(folder: Path, _: random.Random) -> None:
    """Take the database without its log along, as a copying tool does."""
    for suffix in ("-wal", "-shm"):
        (folder / f"{FILE}{suffix}").unlink(missing_ok=True)


def garble_the_log(folder: Path, chance: random.Random) -> None:
    """Put chance bytes into the log's second half."""

    def garble(content: bytearray) -> None:
        start = chance.randrange(len(content) // 2, len(content) - 64)
        content[start : start + 64] = chance.randbytes(64)

    _edit(folder, garble, f"{FILE}-wal")


def newer_version(folder: Path, _: random.Random) -> None:
    """Let a newer version of the program have written the database."""
    _rewrite(folder, f"PRAGMA user_version={SCHEMA_VERSION + 1}", "UPDATE kept SET text = '99', seal = NULL")


def other_program(folder: Path, _: random.Random) -> None:
    """Put another program's database in its place."""
    (folder / FILE).unlink()
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        connection.execute("CREATE TABLE customers (name TEXT); INSERT INTO customers VALUES ('kept')")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID + 1}")


def _rewrite(folder: Path, *statements: str) -> None:
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        for statement in statements:
            connection.execute(statement)


def _execute(folder: Path, chance: random.Random, *statements: str) -> None:
    counter = chance.randrange(1, 30)
    with closing(apsw.Connection(str(folder / FILE))) as connection:
        for statement in statements:
            connection.execute(statement, (counter,))


DAMAGED: dict[str, Ruin] = {
    "header zeroed": zero_the_header,
    "first page zeroed": zero_the_first_page,
    "a page garbled": garble_a_page,
    "a page zeroed": zero_a_page,
    "truncated": truncate,
    "0 bytes": empty,
    "no tables": empty_schema,
    "missing": take_away,
    "version number changed": cut_the_schema_version,
    "a sale edited": edit_a_sale,
    "an effect edited": edit_an_effect,
    "a sale deleted": delete_a_sale,
    "an effect deleted": delete_an_effect,
}
"""Each must be noticed, and what can be rescued, rescued."""

WITH_BACKUP: dict[str, Ruin] = {"a backup put back by hand": put_a_backup_back}
WITH_LOG: dict[str, Ruin] = {
    "log without its database": take_away,
    "0 bytes beside a log": empty,
    "database without its log": lose_the_log,
    "log garbled": garble_the_log,
    "a page garbled beside a log": garble_a_page,
}
HARMLESS: dict[str, Ruin] = {"key lost": lose_the_key, "one key file damaged": damage_one_key}
REFUSED: dict[str, Ruin] = {"newer version": newer_version, "another program's": other_program}
