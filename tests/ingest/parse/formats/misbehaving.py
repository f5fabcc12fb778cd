"""Readers that do what a parser must not do; the child process of the tests imports them."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time

from ingest.parse.visible import ParseError, Visible


def hang(data: bytes) -> Visible:
    """Waits for ever, with a program that waits too."""
    subprocess.Popen(["sleep", data.decode()])
    time.sleep(3600)
    raise AssertionError


def spin(data: bytes) -> Visible:
    """Computes for ever."""
    while True:
        pass


def grow(data: bytes) -> Visible:
    """Takes ever more memory."""
    taken = [bytearray(10_000_000)]
    while True:
        taken.append(bytearray(10_000_000))


def crash(data: bytes) -> Visible:
    """Reads where nothing is."""
    ctypes.string_at(0)
    raise AssertionError


def chatter(data: bytes) -> Visible:
    """Prints what nobody asked for, then tells its process."""
    sys.stdout.write("visible 3\nabc")
    sys.stdout.flush()
    os.write(1, b"error 2\n{}")
    return Visible(text=f"{os.getpid()} {len(data)}")


def complain(data: bytes) -> Visible:
    """Refuses, for now."""
    raise ParseError("missing_program", "nothing is installed", is_final=False)


def fail(data: bytes) -> Visible:
    """Fails in a way that nobody foresaw."""
    raise LookupError("no such table \ud800")
