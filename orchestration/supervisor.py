"""`weijian up`: the UI and the daemon as children of one process, which ends both and all that they started.

Belongs here: starting, waiting for the first answer, watching, ending. Not here: what they serve (`definitions`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from rich.console import Console

from orchestration.commands.doctor import is_taken
from orchestration.dbt import ensure_manifest
from orchestration.home import give_up_abandoned_runs, hold, prepare_home
from warehouse.paths import PROJECT, DataFolder

HOST = "127.0.0.1"
START_SECONDS = 180
GRACE_SECONDS = 20  # between asking the group to end and ending it by force
TICK_SECONDS = 0.5


class StartError(RuntimeError):
    """The UI or the daemon did not start; the message says why and where its log lies."""


class Asked(Exception):
    """Ctrl-C or SIGTERM: the supervisor was asked to end."""


def supervise(folder: DataFolder, port: int, console: Console) -> int:
    """Start the webserver and the daemon, print the address, and end both when asked to or when one of them ends.

    Args:
        folder: the data folder.
        port: for the UI, on 127.0.0.1.
        console: where to print.

    Returns:
        The exit code: 0 when asked to end, 1 when a child ended by itself.

    Raises:
        StartError: the port is taken, or the UI did not answer.
        ManifestError: the dbt manifest had to be built, and could not.
        AlreadyRunningError: another `weijian up` works on this data folder.
    """
    if is_taken(port):
        raise StartError(f"Port {port} of {HOST} is taken. Choose another: weijian up --port N")
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _ask)
    children: list[subprocess.Popen[bytes]] = []
    try:
        with hold(folder, "up"):
            prepare_home(folder)
            ensure_manifest(folder)
            _give_up_abandoned_runs()
            try:
                with console.status("Starting the UI and the daemon"):
                    _start(children, "dagster-webserver", ["-h", HOST, "-p", str(port)], folder)
                    _start(children, "dagster-daemon", ["run"], folder)
                    _wait_for_answer(children, port, folder)
                console.print(f"The UI:    http://{HOST}:{port}", highlight=False)
                console.print(f"Its logs:  {_logs(folder)}", soft_wrap=True, highlight=False)
                console.print("The nightly schedule is on (02:00 Asia/Shanghai). Ctrl-C ends both.", highlight=False)
                ended = _watch(children)
                console.print(f"{ended} ended by itself; see {_logs(folder)}.", soft_wrap=True, highlight=False)
                return 1
            finally:
                _end(children)
    except Asked:
        console.print("Ended.")
        return 0


def _ask(number: int, frame: FrameType | None) -> None:
    # A second signal must not break the ending off.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise Asked


def _give_up_abandoned_runs() -> None:
    """Runs of an earlier `up` have no process any more: this one holds the lock."""
    import dagster as dg

    with dg.DagsterInstance.get() as instance:
        give_up_abandoned_runs(instance, by_command_line=False)


def _logs(folder: DataFolder) -> Path:
    return folder.root / "logs"  # Dagster deletes a folder of this name in its own home


def _start(children: list[subprocess.Popen[bytes]], command: str, arguments: list[str], folder: DataFolder) -> None:
    """Start a child in the group of the first one, so that one signal reaches them all and whatever they start."""
    _logs(folder).mkdir(parents=True, exist_ok=True)
    with (_logs(folder) / f"{command}.log").open("wb") as log:
        children.append(
            subprocess.Popen(
                [
                    str(Path(sys.executable).parent / command),
                    *arguments,
                    "-m",
                    "orchestration.definitions",
                    "-d",
                    str(PROJECT),
                ],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=children[0].pid if children else 0,
            )
        )


def _wait_for_answer(children: list[subprocess.Popen[bytes]], port: int, folder: DataFolder) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for child in children:
            if child.poll() is not None:
                raise StartError(f"{_name(child)} ended while it started; see {_logs(folder)}.")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/server_info", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(TICK_SECONDS)
    raise StartError(f"The UI did not answer within {START_SECONDS} seconds; see {_logs(folder)}.")


def _watch(children: list[subprocess.Popen[bytes]]) -> str:
    """Wait until a child ends; returns its name."""
    while True:
        for child in children:
            if child.poll() is not None:
                return _name(child)
        time.sleep(TICK_SECONDS)


def _name(child: subprocess.Popen[bytes]) -> str:
    return Path(str(child.args[0])).name  # type: ignore[index]


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask the whole group to end, wait, and end by force what is left of it."""
    if not children:
        return
    group = children[0].pid
    _signal(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and _is_alive(children, group):
        time.sleep(0.1)
    _signal(group, signal.SIGKILL)
    for child in children:
        child.wait()


def _is_alive(children: list[subprocess.Popen[bytes]], group: int) -> bool:
    for child in children:
        child.poll()  # a child that ended stays in its group until it is waited for
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _signal(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return
