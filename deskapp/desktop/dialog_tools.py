"""Dialogs by programs of the system, for where no runtime has any: zenity and kdialog, as command lines."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskapp.desktop.outside import ask_program
from deskapp.errors import DesktopFailed

SEPARATOR = "\n"
CLOSED = (1, 5, 252, 255)
"""What the tools exit with when a dialog was cancelled, timed out or closed."""

REMEDY = "sudo apt install zenity"


@dataclass(frozen=True)
class Question:
    """A command line, and how its answer is read.

    Args:
        command: Program and arguments.
        read: Makes the service's answer of exit code and output; None for a closed dialog.
    """

    command: list[str]
    read: Callable[[int, str], object]


def find_tool(which: Callable[[str], str | None] = shutil.which) -> str | None:
    """The tool that is here, zenity first; None if there is neither."""
    return next((tool for tool in ("zenity", "kdialog") if which(tool)), None)


async def ask_tool(service: str, arguments: Mapping[str, Any]) -> object:
    """Answer ``file_dialog`` or ``message`` by the tool that is here.

    Raises:
        DesktopFailed: There is none, or it failed.
    """
    tool = find_tool()
    if tool is None:
        raise DesktopFailed(
            "show a dialog", "no runtime here can, and neither zenity nor kdialog is installed", remedy=REMEDY
        )
    found = question(tool, service, arguments)
    return found.read(*await ask_program(found.command))


def question(tool: str, service: str, arguments: Mapping[str, Any]) -> Question:
    """The command line of a tool for a service with its arguments, as `SERVICE_ARGUMENTS` has them."""
    make = {
        ("zenity", "file_dialog"): _zenity_files,
        ("zenity", "message"): _zenity_message,
        ("kdialog", "file_dialog"): _kdialog_files,
        ("kdialog", "message"): _kdialog_message,
    }[tool, service]
    return make(arguments)


# -- files -------------------------------------------------------------------------------------------------------------


def _zenity_files(arguments: Mapping[str, Any]) -> Question:
    command = ["zenity", "--file-selection", f"--separator={SEPARATOR}"]
    if arguments["title"]:
        command.append(f"--title={arguments['title']}")
    if arguments["kind"] == "save":
        command += ["--save", "--confirm-overwrite"]
    if arguments["kind"] == "folder":
        command.append("--directory")
    if arguments["multiple"]:
        command.append("--multiple")
    if arguments["folder"] or arguments["name"]:
        # A folder ends with a slash, which tells it from a file of that name.
        command.append(f"--filename={Path(arguments['folder'] or Path.cwd())}/{arguments['name']}")
    for label, patterns in arguments["filters"]:
        command.append(f"--file-filter={label.replace('|', '/')} | {' '.join(patterns)}")
    return Question(command, _read_files)


def _kdialog_files(arguments: Mapping[str, Any]) -> Question:
    command = ["kdialog"]
    if arguments["title"]:
        command += ["--title", arguments["title"]]
    verb = {"open": "--getopenfilename", "save": "--getsavefilename", "folder": "--getexistingdirectory"}
    if arguments["multiple"]:
        command += ["--multiple", "--separate-output"]
    command += [verb[arguments["kind"]], str(Path(arguments["folder"] or Path.cwd()) / arguments["name"])]
    if arguments["filters"] and arguments["kind"] != "folder":
        command.append("\n".join(f"{label} ({' '.join(patterns)})" for label, patterns in arguments["filters"]))
    return Question(command, _read_files)


def _read_files(exit_code: int, output: str) -> object:
    if exit_code in CLOSED:
        return []
    _check(exit_code)
    return [path for path in output.split(SEPARATOR) if path]


# -- messages ----------------------------------------------------------------------------------------------------------


def _zenity_message(arguments: Mapping[str, Any]) -> Question:
    buttons: Sequence[str] = arguments["buttons"]
    labels = [button.replace("_", "__") for button in buttons]  # one would underline the letter after it
    command = ["zenity", f"--text={_whole_text(arguments)}", "--no-markup"]
    if arguments["title"]:
        command.append(f"--title={arguments['title']}")
    if len(buttons) == 1:
        kind = {"warning": "--warning", "error": "--error"}.get(arguments["kind"], "--info")
        return Question([*command, kind, f"--ok-label={labels[0]}"], lambda code, _: _closed_or(code, 0))
    # Extra buttons write their text; OK exits with 0, Cancel with 1, as does closing the box.
    command += ["--question", f"--ok-label={labels[0]}", f"--cancel-label={labels[-1]}"]
    command += [f"--extra-button={label}" for label in labels[1:-1]]

    def read(exit_code: int, output: str) -> object:
        said = output.strip("\n")
        return labels.index(said) if said in labels[1:-1] else _closed_or(exit_code, 0)

    return Question(command, read)


def _kdialog_message(arguments: Mapping[str, Any]) -> Question:
    buttons: Sequence[str] = arguments["buttons"]
    text = _whole_text(arguments)
    command = ["kdialog", *(["--title", arguments["title"]] if arguments["title"] else [])]
    if len(buttons) == 1:
        kind = {"warning": "--sorry", "error": "--error"}.get(arguments["kind"], "--msgbox")
        return Question([*command, "--ok-label", buttons[0], kind, text], lambda code, _: _closed_or(code, 0))
    if len(buttons) == 2:
        command += ["--yes-label", buttons[0], "--no-label", buttons[1], "--yesno", text]
        return Question(command, lambda code, _: _closed_or(code, 0))
    # It has at most three buttons; a list to choose from has as many lines as there are answers.
    command += ["--menu", text, *(part for number, button in enumerate(buttons) for part in (str(number), button))]
    return Question(command, lambda code, output: _closed_or(code, int(output.strip() or 0)))


def _whole_text(arguments: Mapping[str, Any]) -> str:
    return str(arguments["text"]) + (f"\n\n{arguments['detail']}" if arguments["detail"] else "")


def _closed_or(exit_code: int, number: int) -> int | None:
    if exit_code in CLOSED:
        return None
    _check(exit_code)
    return number


def _check(exit_code: int) -> None:
    if exit_code != 0:
        raise DesktopFailed("show a dialog", f"the program that shows it ended with exit code {exit_code}")
