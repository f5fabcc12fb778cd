"""Extraction: megabytes a second of our reader, beside word segmenters and other readers of numbers.

`python -m benchmarks.extraction [--repeat N] [--long MB]`. The shared reports (the sample pack where they are absent)
are read again and again, each time with other digits, so that nothing is remembered from one time to the next. Every
contestant works in a process of its own on the same texts; a slow one stops after some seconds and is measured by what
it read. Parsing is not counted. Ratios are of processor time within one run: the clock on the wall tells how busy the
machine was, too.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from rich.console import Console
from rich.table import Table

PROJECT = Path(__file__).resolve().parent.parent
REPEAT = 200
LONG = 5.0  # megabytes of the one long document
PATIENCE = 20.0  # seconds of work after which a contestant stops
BATCH = 40  # texts that are prepared before the clock runs
OURS, BESIDE = "weijian extract", "jieba.cut"
_DIGIT = re.compile(r"[0-9０-９]")

Work = Callable[[str], object]


def texts(repeat: int) -> Iterator[str]:
    """The reports, `repeat` times, each time with other digits; the same ones in every run."""
    shared = Path(os.environ.get("WEIJIAN_REPORTS", PROJECT.parent / "shared" / "seeds"))
    folder = shared if shared.is_dir() else PROJECT / "samples" / "reports"
    reports = [text for path in sorted(folder.glob("*.txt")) if (text := path.read_text("utf-8", "replace")).strip()]
    for number in range(repeat):
        chance = random.Random(number)
        for text in reports:
            yield _DIGIT.sub(lambda _, chance=chance: chance.choice("0123456789"), text)  # type: ignore[misc]


def long_text(megabytes: float) -> str:
    """One document of some megabytes: the reports one after another."""
    pieces: list[str] = []
    size = 0
    for text in texts(1_000_000):
        pieces.append(text)
        size += len(text.encode())
        if size >= megabytes * 1e6:
            break
    return "\n".join(pieces)


def prepare(name: str) -> tuple[Callable[[str], object], Work]:
    """A contestant: what is done to a text before the clock runs, and the work that is measured.

    Raises:
        ImportError: its library is not installed.
    """

    def as_it_is(text: str) -> str:
        return text

    if name == OURS:
        from ingest.extract import extract
        from ingest.model import ArchivedFile
        from ingest.parse import parse

        def document(text: str) -> object:
            data = text.encode()
            digest = sha256(data).hexdigest()
            now = datetime(2024, 1, 31, tzinfo=UTC)
            return parse(ArchivedFile("bench", "bench", "bench.txt", digest, "text/plain", now, len(data)), data)

        return document, extract  # type: ignore[return-value]
    if name == BESIDE:
        jieba = importlib.import_module("jieba")
        jieba.initialize()
        return as_it_is, lambda text: list(jieba.cut(text))
    if name == "rjieba.cut":
        return as_it_is, importlib.import_module("rjieba").cut
    if name == "jionlp money + time":
        ner = importlib.import_module("jionlp").ner
        return as_it_is, lambda text: [(ner.extract_money(line), ner.extract_time(line)) for line in text.split("\n")]
    recognizers = importlib.import_module("recognizers_number")
    chinese = recognizers.Culture.Chinese
    return as_it_is, lambda text: [recognizers.recognize_number(line, chinese) for line in text.split("\n")]


CONTESTANTS = (OURS, BESIDE, "rjieba.cut", "jionlp money + time", "recognizers-text numbers")


def measure(name: str, repeat: int, megabytes: float) -> dict[str, float]:
    """Read the texts as one contestant: bytes, seconds of work and the most memory that this process had."""
    before, work = prepare(name)
    source = texts(repeat) if not megabytes else iter([long_text(megabytes)])
    work(before(next(texts(1))))  # word lists are loaded once a process
    size = seconds = processor = 0.0
    while seconds < PATIENCE or name == OURS:
        batch = [(len(text.encode()), before(text)) for _, text in zip(range(BATCH), source, strict=False)]
        if not batch:
            break
        gc.collect()
        for length, prepared in batch:
            began, begun = time.perf_counter(), time.process_time()
            work(prepared)  # type: ignore[arg-type]
            seconds += time.perf_counter() - began
            processor += time.process_time() - begun
            size += length
            if seconds >= PATIENCE and name != OURS:
                break
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"megabytes": size / 1e6, "seconds": seconds, "processor": processor, "memory": memory}


def run(name: str, repeat: int, *, processes: int = 1, megabytes: float = 0.0) -> list[dict[str, float]] | None:
    """Measure a contestant in processes that work at the same time; None where its library is not installed."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.extraction", "--worker", name]
    command += ["--repeat", str(repeat), "--long", str(megabytes)]
    started = [
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    results: list[dict[str, float]] = []
    for process in started:
        out, error = process.communicate()
        if process.returncode:
            if "ModuleNotFoundError" in error:
                return None
            raise RuntimeError(f"{name} failed:\n{error}")
        results.append(json.loads(out.splitlines()[-1]))
    return results


def rate(results: list[dict[str, float]], clock: str = "seconds") -> float:
    """Megabytes a second of all processes together, by the clock on the wall or by the processor's (`processor`)."""
    return sum(result["megabytes"] / result[clock] for result in results)


def main() -> None:
    """Measure all contestants and show the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=REPEAT, help="how often the reports are read")
    options.add_argument("--long", type=float, default=LONG, help="megabytes of the one long document; 0 for none")
    options.add_argument("--worker", choices=CONTESTANTS, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.worker:
        sys.stdout.write(json.dumps(measure(chosen.worker, chosen.repeat, chosen.long)) + "\n")
        return
    table = Table(title=f"The reports {chosen.repeat} times with other digits")
    table.add_column("", no_wrap=True)
    for column in ("MB/s", "MB/s of processor", f"x {BESIDE}", "MB read", "peak MB"):
        table.add_column(column, justify="right")
    found = {name: run(name, chosen.repeat) for name in CONTESTANTS}
    rows: dict[str, list[dict[str, float]] | None] = {OURS: found[OURS]}
    rows[f"{OURS}, two processes"] = run(OURS, max(1, chosen.repeat // 2), processes=2)
    if chosen.long:
        rows[f"{OURS}, one document of {chosen.long:g} MB"] = run(OURS, 1, megabytes=chosen.long)
    rows |= {name: found[name] for name in CONTESTANTS[1:]}
    beside = rate(found[BESIDE] or [], "processor")
    for name, results in rows.items():
        if results is None:
            table.add_row(name, "not installed", "", "", "", "")
            continue
        read = sum(result["megabytes"] for result in results)
        memory = max(result["memory"] for result in results)
        of_processor = rate(results, "processor") / len(results)
        cells = [rate(results), of_processor, of_processor / beside, read]
        table.add_row(name, *(f"{cell:.2f}" for cell in cells), f"{memory:.0f}")
    console = Console(width=110)
    console.print(table)
    two = rate(rows[f"{OURS}, two processes"] or []) / rate(rows[OURS] or [])
    console.print(f"Two processes read {two:.2f} times as fast as one. Missing ones: uv sync --group bench")


if __name__ == "__main__":
    main()
