"""The commands and their options; a failure of the world is one sentence on standard error, exit code 2."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias

from cashier_app.command_line.backend_options import add_backend
from cashier_app.command_line.claims_options import add_claims
from cashier_app.command_line.config_options import add_config
from cashier_app.command_line.day_options import add_day
from cashier_app.command_line.ledger_options import add_ledger
from cashier_app.command_line.report import EXIT_BAD_INPUT, Report
from cashier_app.command_line.staff_options import add_staff
from cashier_app.command_line.stats_options import add_stats
from cashier_app.command_line.training_options import add_training
from cashier_app.command_line.update_options import add_update
from cashier_app.device_sections import MORE_FORMATS
from cashier_app.errors import KnownError

Command = Callable[[argparse.Namespace], Report]


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage text before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_BAD_INPUT, f"{self.prog}: {message}. Try {self.prog} --help\n")


class _Version(argparse.Action):
    """Reads what the bundle says of itself only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from cashier_app.build_stamp import version_line

        sys.stdout.write(f"{version_line()}\n")
        parser.exit()


Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"  # noqa: SLF001 - argparse names it nowhere else


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    options = parser().parse_args(arguments)
    try:
        report: Report = _answer(options)
    except KnownError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        return 130
    return _print(report, as_json=getattr(options, "json", False))


def _answer(options: argparse.Namespace) -> Report:
    """Run the command; what it reads from training, or from the practice shop, it says to be that."""
    if not hasattr(options, "training"):
        command: Report = options.command(options)
        return command
    from cashier_app.command_line.shop import practises, reads_training

    if practises(options) and options.demo:
        raise KnownError("Say --training or --demo, not both.")
    report: Report = options.command(options)
    return report.of_training() if practises(options) or reads_training(options) else report


def parser() -> argparse.ArgumentParser:
    """Return the parser of `cashier-cli`."""
    root = _Parser(prog="cashier-cli", description="The loyalty till without its window.")
    root.add_argument("--version", action=_Version, nargs=0, help="say version and commit, and end")
    commands = root.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_decode(commands)
    _add_cameras(commands)
    _add_identify(commands)
    _add_scanner_sheet(commands)
    _add_scanners(commands)
    _add_quote(commands)
    _add_outbox(commands)
    _add_discrepancies(commands)
    _add_health(commands)
    _add_reconcile(commands)
    add_stats(commands, _add_shop, _finish)
    add_ledger(commands, _add_shop, _finish)
    add_claims(commands, _add_shop, _finish)
    add_day(commands, _add_shop, _finish)
    _add_doctor(commands)
    _add_support(commands)
    _add_sign_in(commands)
    add_backend(commands, _add_shop, _finish)
    add_staff(commands, _add_shop, _finish)
    add_training(commands, _finish)
    add_config(commands, _finish)
    _add_news(commands)
    add_update(commands, _add_shop, _finish)
    _add_demo_server(commands)
    _add_stand_in(commands)
    _add_licences(commands)
    return root


def _add_decode(commands: Commands) -> None:
    decode = commands.add_parser("decode", help="read the codes in picture files")
    decode.add_argument(
        "pictures", nargs="+", metavar="IMAGE", help="a PNG, JPEG, WebP, BMP, GIF or TIFF file"
    )
    _add_kinds(decode)
    _finish(decode, "cashier_app.command_line.codes", "decode")


def _add_cameras(commands: Commands) -> None:
    listing = commands.add_parser("cameras", help="list the cameras by name")
    _finish(listing, "cashier_app.command_line.camera", "list_cameras")
    watch = commands.add_parser("watch", help="print the codes a camera sees, until the film ends or Ctrl+C")
    watch.add_argument(
        "--camera",
        default="",
        metavar="NAME",
        help="a camera's name, or file: with a video, a picture or a folder; the first camera when not given",
    )
    watch.add_argument("--seconds", type=float, metavar="N", help="stop after so long")
    watch.add_argument("--show", action="store_true", help="print codes in full: they are personal data")
    _add_kinds(watch)
    _finish(watch, "cashier_app.command_line.camera", "watch")


def _add_kinds(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--also",
        action="append",
        choices=MORE_FORMATS,
        default=[],
        metavar="KIND",
        help=f"look for this kind as well, one of {', '.join(MORE_FORMATS)}; may be given again",
    )


def _add_identify(commands: Commands) -> None:
    identify = commands.add_parser("identify", help="say what a scanned or typed text is; asks nobody")
    identify.add_argument("text", metavar="TEXT", help="the text, or - to read it from standard input")
    identify.add_argument("--scanned", action="store_true", help="it came from a scanner, not from fingers")
    _add_shop(identify)
    _finish(identify, "cashier_app.command_line.codes", "identify")


def _add_scanner_sheet(commands: Commands) -> None:
    sheet = commands.add_parser("scanner-sheet", help="write the test codes of a scanner's set-up as PDF")
    sheet.add_argument("file", type=Path, metavar="FILE", help="its name ends in .pdf")
    sheet.add_argument("--paper", choices=("A4", "Letter"), default="A4", help="default A4")
    sheet.add_argument("--replace", action="store_true", help="write over a file that is there")
    _finish(sheet, "cashier_app.command_line.scanner_sheet", "write")


def _add_scanners(commands: Commands) -> None:
    listing = commands.add_parser(
        "scanners", help="list the scanners and readers on serial and USB-COM ports"
    )
    _finish(listing, "cashier_app.command_line.scanners", "scanners")
    listen = commands.add_parser(
        "listen", help="print what a scanner on a serial port sends; looks nobody up"
    )
    listen.add_argument("--device", required=True, metavar="ID", help="its id from `scanners`, or a port")
    listen.add_argument("--seconds", type=_seconds, metavar="N", help="how long; an hour when not given")
    listen.add_argument("--baud", type=_baud, metavar="N", help="bits a second; means nothing on USB")
    listen.add_argument("--show", action="store_true", help="print whole scans, not only their ends")
    listen.add_argument("--config", type=Path, help="the till's settings file")
    _finish(listen, "cashier_app.command_line.scanners", "listen")


def _add_quote(commands: Commands) -> None:
    quote = commands.add_parser("quote", help="say what may be redeemed on a bill, and why not more")
    way = quote.add_mutually_exclusive_group(required=True)
    way.add_argument(
        "--member", metavar="TEXT", help="wallet code, phone or member number; - reads it from input"
    )
    way.add_argument("--program", type=Path, metavar="FILE", help="the rules, in TOML or JSON; asks nobody")
    way.add_argument(
        "--batch", action="store_true", help="answer one JSON request a line of standard input, a line each"
    )
    quote.add_argument("--bill", metavar="AMOUNT", help="the bill, such as 2360 or 2360.00")
    taken = quote.add_mutually_exclusive_group()
    taken.add_argument(
        "--amount", "--discount", dest="discount", metavar="AMOUNT", help="take this much instead of the most"
    )
    taken.add_argument("--reward", metavar="ID", help="take a reward of the catalogue instead")
    taken.add_argument("--points", metavar="N", help="use this many points instead of the most")
    taken.add_argument("--nothing", action="store_true", help="use no points")
    with_program = quote.add_argument_group("with --program")
    with_program.add_argument("--balance", metavar="N", help="points in the account; 0 when not given")
    with_program.add_argument("--tier", metavar="NAME", help="the tier the member holds")
    with_program.add_argument("--lines", type=Path, metavar="FILE", help="lines of the bill, in JSON or TOML")
    with_program.add_argument("--at", metavar="MOMENT", help="such as 2026-11-21T10:00; now when not given")
    with_program.add_argument("--store", metavar="NAME", help="the store the bill is made in")
    with_program.add_argument("--paid-with", metavar="KIND", help="how what is left is paid, such as card")
    _add_shop(quote)
    _finish(quote, "cashier_app.command_line.program_quote", "quote")


def _add_outbox(commands: Commands) -> None:
    outbox = commands.add_parser("outbox", help="the sales that are not posted yet")
    actions = outbox.add_subparsers(title="actions", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list them, oldest first")
    _add_shop(listing)
    _finish(listing, "cashier_app.command_line.outbox", "list_unsent")
    show = actions.add_parser("show", help="show one with its effects, attempts and answers")
    show.add_argument("sale", metavar="SALE", help="a sale's number such as 2-0418, or its id")
    _add_shop(show)
    _finish(show, "cashier_app.command_line.outbox", "show")
    send = actions.add_parser("send", help="try all of them now")
    send.add_argument("--seconds", type=int, default=30, help="how long to try at most (default 30)")
    _add_shop(send)
    _finish(send, "cashier_app.command_line.outbox", "send")
    export = actions.add_parser("export", help="write them to a file for support, without names and phones")
    export.add_argument("file", type=Path, metavar="FILE", help="its name ends in .csv or .json")
    export.add_argument(
        "--bom", action="store_true", help="begin a .csv with the mark some spreadsheets need"
    )
    export.add_argument("--replace", action="store_true", help="write over a file that is there")
    _add_shop(export)
    _finish(export, "cashier_app.command_line.outbox", "export")
    backup = actions.add_parser("backup", help="write a verified backup of all sales now")
    _add_shop(backup)
    _finish(backup, "cashier_app.command_line.outbox", "back_up")


def _add_health(commands: Commands) -> None:
    health = commands.add_parser(
        "health", help="how the till is doing, also while it runs; exit code 1 when something needs a person"
    )
    _add_shop(health)
    _finish(health, "cashier_app.command_line.health", "report")


def _add_discrepancies(commands: Commands) -> None:
    losses = commands.add_parser("discrepancies", help="discounts given that no points paid for")
    _add_shop(losses)
    _finish(losses, "cashier_app.command_line.discrepancies", "list_losses")


def _add_reconcile(commands: Commands) -> None:
    reconcile = commands.add_parser(
        "reconcile", help="compare what was posted with the backend's books; changes nothing"
    )
    reconcile.add_argument(
        "--since",
        metavar="DATE",
        help="from this day of the shop on, such as 2026-11-21; today when not given",
    )
    _add_shop(reconcile)
    _finish(reconcile, "cashier_app.command_line.reconcile", "reconcile")


def _add_doctor(commands: Commands) -> None:
    doctor = commands.add_parser(
        "doctor", help="check the installation: program, system, devices, data, queue, secrets, backend"
    )
    _add_shop(doctor)
    _finish(doctor, "cashier_app.command_line.doctor", "examine")


def _add_support(commands: Commands) -> None:
    support = commands.add_parser(
        "support-bundle", help="write a file for support, without persons and secrets; sends nothing"
    )
    support.add_argument("file", type=Path, nargs="?", metavar="OUT.zip", help="its name ends in .zip")
    support.add_argument("--list", dest="list_only", action="store_true", help="only say what would go in")
    support.add_argument("--yes", action="store_true", help="do not ask, also on a terminal")
    support.add_argument("--replace", action="store_true", help="write over a file that is there")
    _add_shop(support)
    _finish(support, "cashier_app.command_line.support", "write")


def _add_news(commands: Commands) -> None:
    news = commands.add_parser("whats-new", help="what is new in this version")
    _finish(news, "cashier_app.command_line.news", "show")


def _add_sign_in(commands: Commands) -> None:
    sign_in = commands.add_parser("sign-in", help="store the backend's token, read from standard input")
    _add_shop(sign_in)
    _finish(sign_in, "cashier_app.command_line.sign_in", "sign_in")


def _add_demo_server(commands: Commands) -> None:
    server = commands.add_parser("demo-server", help="run the reference loyalty server on this computer")
    server.add_argument("--port", type=_port, default=0, help="port on loopback; any free one when not given")
    server.add_argument(
        "--program", type=Path, help="serve the program in this file (.toml or .json) instead of the demo's"
    )
    server.add_argument("--token-file", type=Path, help="file with the bearer token; made when missing")
    server.add_argument(
        "--database", type=Path, help="keep the ledger in this file; in memory when not given"
    )
    server.add_argument("--staged-faults", action="store_true", help="let tests stage faults over HTTP")
    server.set_defaults(command=_lazily("cashier_app.command_line.reference_server", "run"))


def _add_stand_in(commands: Commands) -> None:
    stand_in = commands.add_parser(
        "stand-in", help="run a vendor's loyalty system in miniature on this computer, for trying out"
    )
    stand_in.add_argument("kind", metavar="KIND", help="which backend, such as contract or square")
    stand_in.add_argument(
        "--port", type=_port, default=0, help="port on loopback; any free one when not given"
    )
    stand_in.add_argument(
        "--secret",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a secret to ask for; made up when not given",
    )
    stand_in.add_argument("--until-input-ends", action="store_true", help="for programs that start this")
    stand_in.set_defaults(command=_lazily("cashier_app.command_line.stand_in", "run"))


def _add_licences(commands: Commands) -> None:
    licences = commands.add_parser("licences", help="what this program is made of, and under which licences")
    licences.add_argument("part", nargs="?", metavar="PART", help="print the licence texts of this part")
    _finish(licences, "cashier_app.command_line.licences", "licences")


def _add_shop(command: argparse.ArgumentParser) -> None:
    shop = command.add_mutually_exclusive_group()
    shop.add_argument("--config", type=Path, help="the till's settings file")
    shop.add_argument("--demo", action="store_true", help="use the demo shop")
    command.add_argument(
        "--training", action="store_true", help="use the practice shop; its answers say TRAINING"
    )
    command.add_argument("--data", type=Path, help="the till's data folder")
    command.add_argument(
        "--passphrase-fd",
        type=int,
        metavar="N",
        help="read the passphrase of the till's secrets from this open file, where they have one",
    )


def _finish(command: argparse.ArgumentParser, module: str, function: str) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(command=_lazily(module, function))


def _lazily(module: str, function: str) -> Command:
    """Return the command, imported when it is run: `--help` need not wait for decoders and HTTP."""

    def run(options: argparse.Namespace) -> Report:
        from importlib import import_module

        command: Command = getattr(import_module(module), function)
        return command(options)

    return run


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 2**16:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port number")


def _seconds(text: str) -> float:
    if text.isascii() and text.replace(".", "", 1).isdigit() and 0 < float(text) <= 3600:
        return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a time of up to 3600 seconds")


def _baud(text: str) -> int:
    if text.isascii() and text.isdigit() and 300 <= int(text) <= 921_600:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a speed from 300 to 921600")


def _print(report: Report, *, as_json: bool) -> int:
    if not (report.data or report.lines or report.content):
        return report.code  # the command has printed its answers itself
    try:
        if report.content:
            sys.stdout.buffer.write(report.content)
        else:
            encoding = sys.stdout.encoding or "utf-8"
            sys.stdout.write(report.text(as_json=as_json, encoding=encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone; Python would complain once more while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return report.code
