"""`weijian doctor`: what Weijian needs on this machine, and what to do where it is missing.

Belongs here: looking, without changing anything. Not here: mending.
"""

from __future__ import annotations

import locale
import os
import re
import socket
import sys
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import duckdb
from packaging.requirements import Requirement
from rich.console import Console
from rich.text import Text

from orchestration.dbt import MANIFEST, is_manifest_fresh
from orchestration.home import is_held
from orchestration.inbox import InboxError, choose_inbox
from warehouse.connections import connect_published
from warehouse.errors import AbsentError, WarehouseError
from warehouse.paths import PROJECT, DataFolder


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do and is empty where all is well."""

    name: str
    state: str
    is_well: bool = True
    advice: str = ""


def examine(folder: DataFolder, port: int) -> list[Finding]:
    """Look at everything that a run, the UI or a reader needs."""
    return [
        _python(),
        *_packages(),
        _locale(),
        _write_access(folder),
        _inbox(folder),
        _manifest(),
        _build_file(folder),
        _published(folder),
        _port(folder, port),
    ]


def show(findings: list[Finding], console: Console) -> None:
    """Print one line a finding, what to do below those that are not well."""
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        mark = Text("✓", style="green") if finding.is_well else Text("✗", style="bold red")
        console.print(Text.assemble(mark, f" {finding.name:<{width}}  {finding.state}"), soft_wrap=True)
        if finding.advice:
            console.print(Text(f"  {'':<{width}}  → {finding.advice}"), soft_wrap=True)


def _python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    is_well = (3, 11) <= sys.version_info[:2] < (3, 14)
    return Finding("Python", found, is_well, "" if is_well else "Python 3.11, 3.12 or 3.13 is needed.")


def _packages() -> Iterator[Finding]:
    """The installed versions against the project's pins; one finding for each that does not fit, or one for all."""
    pins = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    bad = []
    for pin in map(Requirement, pins):
        try:
            found = version(pin.name)
        except PackageNotFoundError:
            found = "absent"
        if found == "absent" or not pin.specifier.contains(found, prereleases=True):
            bad.append(Finding(pin.name, found, False, f"{pin} is needed: uv sync --frozen --inexact (make does it)."))
    yield from bad or [Finding("packages", f"all {len(pins)} as pinned")]


def _locale() -> Finding:
    encoding = locale.getpreferredencoding(False)
    is_well = re.sub("[^a-z0-9]", "", encoding.lower()) == "utf8"
    advice = "" if is_well else "Chinese text needs UTF-8: export LANG=C.UTF-8 (or PYTHONUTF8=1)."
    return Finding("locale", encoding, is_well, advice)


def _write_access(folder: DataFolder) -> Finding:
    nearest = next(path for path in (folder.root, *folder.root.parents) if path.exists())
    is_well = nearest.is_dir() and os.access(nearest, os.W_OK)
    advice = "" if is_well else f"{nearest} cannot be written: name another folder with --data or WEIJIAN_DATA."
    return Finding("data folder", str(folder.root), is_well, advice)


def _inbox(folder: DataFolder) -> Finding:
    try:
        chosen = choose_inbox(None, folder)
    except InboxError as error:
        return Finding("inbox", "absent", False, str(error))
    if chosen is None:
        return Finding("inbox", "none; runs work on the archive alone")
    count = 1 if chosen.is_file() else sum(path.is_file() for path in chosen.rglob("*"))
    advice = "" if count else "Put reports there, or name another folder: weijian run --inbox PATH"
    return Finding("inbox", f"{chosen}: {count} files", count > 0, advice)


def _manifest() -> Finding:
    if not MANIFEST.exists():
        return Finding("dbt manifest", "absent", False, "Build it: weijian manifest")
    if not is_manifest_fresh():
        return Finding("dbt manifest", "older than the dbt project", False, "Build it anew: weijian manifest")
    return Finding("dbt manifest", "fresh")


def _build_file(folder: DataFolder) -> Finding:
    if not folder.build.exists():
        return Finding("build file", "absent; the first run makes it")
    if is_held(folder, "run"):
        return Finding("build file", "a run is at work")
    try:
        with closing(duckdb.connect(str(folder.build), read_only=True)):
            return Finding("build file", f"{folder.build.stat().st_size / 1e6:,.1f} MB, free")
    except duckdb.Error as error:
        held = "lock" in str(error)
        advice = (
            "Close the program that has it open (a notebook, a shell); readers open the published file."
            if held
            else f"Delete {folder.build} and run again: it is built from the archive."
        )
        return Finding("build file", str(error).partition("\n")[0], False, advice)


def _published(folder: DataFolder) -> Finding:
    try:
        with connect_published(folder.published) as con:
            row = con.execute("select published_at, documents, facts from meta.publication").fetchone()
    except AbsentError:
        return Finding("published file", "absent; the first run makes it")
    except (WarehouseError, duckdb.Error) as error:
        return Finding("published file", str(error).partition("\n")[0], False, "Run again: weijian run")
    if row is None:
        return Finding("published file", "holds no publication", False, "Run again: weijian run")
    return Finding("published file", f"{row[1]:,} documents, {row[2]:,} facts, published {row[0]:%Y-%m-%d %H:%M %Z}")


def _port(folder: DataFolder, port: int) -> Finding:
    if is_held(folder, "up"):
        return Finding("UI", "weijian up is at work")
    if is_taken(port):
        return Finding("UI", f"port {port} is taken", False, "Choose another: weijian up --port N")
    return Finding("UI", f"port {port} is free")


def is_taken(port: int) -> bool:
    """Whether something listens on this port of 127.0.0.1."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
