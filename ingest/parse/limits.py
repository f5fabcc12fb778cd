"""Parsers that can hang or grow run in a child process with limits on time and memory.

Belongs here: the limits, the child's life, what its death means for the file. Not here: what the child does (`child`),
how a format is read.

One child serves many files, since starting one takes longer than reading a small file. It ends with the first file that
breaks a limit, and the next file has a new one.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import TypeAdapter

from ingest.parse.visible import ParseError, Visible

VISIBLE = TypeAdapter(Visible)
MOST_FILES = 200  # of one child, so that what a library leaks does not add up


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take."""

    seconds: float = 60
    memory: int = 2_000_000_000  # bytes of address space


class ChildError(RuntimeError):
    """No child can be started here; that is no fault of the file."""


def limited(reader: str, limits: Limits | None = None) -> Callable[[bytes], Visible]:
    """A reader that runs in a child process.

    Args:
        reader: where the function from bytes to `Visible` lies, e.g. "ingest.parse.pdf:read_pdf". It is imported in the
            child alone, so that a run without such files does not load its libraries.
        limits: of one file.

    Returns:
        A function that raises ParseError as the reader does, and with reason `too_slow`, `too_much_memory` or
        `parser_died` where a limit or the library ended it.
    """
    held = limits or Limits()

    def read(data: bytes) -> Visible:
        return _children.read(reader, data, held)

    return read


class _Children:
    """The child of this process, one file at a time."""

    def __init__(self) -> None:
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def read(self, reader: str, data: bytes, limits: Limits) -> Visible:
        with self._lock:
            if self._child is not None and not self._child.is_usable():
                self.end()
            if self._child is None:
                self._child = _Child()
            try:
                return self._child.read(reader, data, limits)
            finally:
                if not self._child.is_usable():
                    self.end()

    def end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "ingest.parse.child"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self._files = 0
        self._is_waiting = True  # for a request, not in the middle of an answer
        self._owner = os.getpid()
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        if self._from.readline() != b"ready\n":
            self.end()
            raise ChildError(f"{' '.join(command)} does not start")

    def is_usable(self) -> bool:
        """Whether it may read another file; a child of the process that this one was forked from is not ours."""
        is_alive = self._owner == os.getpid() and self._process.poll() is None
        return is_alive and self._is_waiting and self._files < MOST_FILES

    def read(self, reader: str, data: bytes, limits: Limits) -> Visible:
        self._files += 1
        self._is_waiting = False
        is_late = threading.Event()

        def stop() -> None:
            is_late.set()
            self._kill()

        head = {"reader": reader, "seconds": limits.seconds, "memory": limits.memory, "size": len(data)}
        timer = threading.Timer(limits.seconds, stop)
        timer.start()
        try:
            answer = self._ask(json.dumps(head).encode() + b"\n" + data)
        finally:
            timer.cancel()
        if answer is None:
            raise self._death(is_late.is_set(), limits)
        self._is_waiting = True
        kind, body = answer
        if kind == "visible":
            visible: Visible = VISIBLE.validate_json(body)
            return visible
        error = json.loads(body)
        if error["reason"] == "too_much_memory":
            self._kill()
            raise ParseError("too_much_memory", f"reading it takes more than {limits.memory // 1_000_000} MB of memory")
        raise ParseError(error["reason"], error["detail"], is_final=error["is_final"])

    def _ask(self, message: bytes) -> tuple[str, bytes] | None:
        """The child's answer, None when it died over the file."""
        try:
            self._to.write(message)
            self._to.flush()
        except BrokenPipeError:
            return None
        kind, _, size = self._from.readline().decode().partition(" ")
        body = self._from.read(int(size)) if size else b""
        return (kind, body) if size and len(body) == int(size) else None

    def _death(self, is_late: bool, limits: Limits) -> ParseError:
        code = self._process.wait()
        if is_late or code == -signal.SIGXCPU:
            return ParseError("too_slow", f"reading it takes more than {limits.seconds:g} seconds")
        ended = signal.Signals(-code).name if code < 0 else f"code {code}"
        memory = limits.memory // 1_000_000
        return ParseError(
            "parser_died", f"the parser ended with {ended} ({memory} MB of memory, or a crash in a library)"
        )

    def _kill(self) -> None:
        """End the child and the programs that it called."""
        if self._owner == os.getpid() and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """End the child and close its pipes."""
        self._kill()
        if self._owner == os.getpid():
            self._process.wait()
        for pipe in (self._to, self._from):
            try:
                pipe.close()
            except BrokenPipeError:
                continue  # what was left to write is for nobody


_children = _Children()
atexit.register(_children.end)
