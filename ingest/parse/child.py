"""The child process that reads files under limits: `python -m ingest.parse.child`, spoken to over its pipes.

Belongs here: setting the limits, calling a reader, sending back what it found. Not here: when a child is started or
ended (`limits`), how a format is read.

A request is one line of JSON (reader, seconds, memory, size) and `size` bytes; an answer is a line of a word and a
length, and that many bytes of JSON: `visible` or `error`.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import sys
from collections.abc import Callable
from typing import BinaryIO

from ingest.parse.limits import VISIBLE
from ingest.parse.visible import ParseError, Visible

LARGEST_FILE = 200_000_000  # bytes that a reader or a program that it calls may write


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, LARGEST_FILE)
    answers.write(b"ready\n")
    answers.flush()
    while line := requests.readline():
        request = json.loads(line)
        _limit(resource.RLIMIT_AS, int(request["memory"]))
        _limit(resource.RLIMIT_CPU, int(_seconds_used() + request["seconds"]) + 2)
        kind, body = _answer(str(request["reader"]), requests, int(request["size"]))
        answers.write(f"{kind} {len(body)}\n".encode() + body)
        answers.flush()


def _answer(reader: str, requests: BinaryIO, size: int) -> tuple[str, bytes]:
    try:
        return "visible", VISIBLE.dump_json(_reader(reader)(requests.read(size)))
    except ParseError as error:
        return "error", _error(error.reason, error.detail, error.is_final)
    except MemoryError:
        return "error", _error("too_much_memory", "")
    except Exception as error:  # told with its type; the parent makes a reject of it
        return "error", _error("parser_failed", f"{type(error).__name__}: {error}")


def _reader(name: str) -> Callable[[bytes], Visible]:
    module, _, function = name.partition(":")
    reader: Callable[[bytes], Visible] = getattr(importlib.import_module(module), function)
    return reader


def _error(reason: str, detail: str, is_final: bool = True) -> bytes:
    printable = detail.encode("utf-8", "replace").decode()
    return json.dumps({"reason": reason, "detail": printable, "is_final": is_final}).encode()


def _limit(kind: int, value: int) -> None:
    """Set a limit, so that it can be raised again for the next file; some systems know no limit of this kind."""
    _, hard = resource.getrlimit(kind)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _seconds_used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
