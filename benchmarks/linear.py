"""Whether reading costs what a text is long: seconds at growing sizes, and how they grow.

    python -m benchmarks.linear [WORD ...]

Each text is one piece again and again. A cost that doubles with the length has the exponent 1, one that grows with its
square 2; a small part that is always the same makes it less than 1. Processor time, the best of three. Names that hold
one of the words are measured; without any, all. `tests/steps.py` counts the steps of some of them, without a clock.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from rich.console import Console

from ingest.extract import extract
from ingest.model import ArchivedFile
from ingest.parse import parse
from ingest.text.tables import find_tables

DOUBLINGS = 5
RUNS = 3
MOST = 1.35  # exponent; what is above 1 comes from the processor's caches
SHORTEST = 0.02  # seconds of the longest text under which nothing is said: the clock is too coarse
NOW = datetime(2024, 1, 31, tzinfo=UTC)
SIZES = {"tables": 20_000, "reading": 5_000}  # bytes of the shortest text, doubled and doubled again

TABLES = {  # a head, and what is repeated under it
    "bars": ("", "甲 | 乙 | 丙\n"),
    "blanks": ("", "甲    乙    丙\n"),
    "one blank": ("", "指标 目标\n"),
    "tabs": ("", "甲\t乙\n\n"),
    "stacked": ("", "甲率\n12\n"),
    "short lines": ("", "指标\n"),
    "rules": ("", "---\n"),
    "uneven rows": ("", "甲    乙\n丙    丁    戊\n"),
    "small tables": ("", "指标    目标    完成\n甲率    90    93.4\n乙率    95    97.1\n\n\n"),
    "one table of bars": ("|指标|目标|完成|\n", "|甲率|90|93.4|\n"),
    "one table of blanks": ("指标    目标    完成\n", "甲率    90    93.4\n"),
    "one table of one blank": ("指标 目标 完成\n", "甲率 90 93.4\n"),
    "one stacked table": ("指标\n目标\n完成\n", "甲率\n90\n93.4\n"),
    "one line of bars": ("", "|"),
    "one line of digits": ("", "1 "),
    "one line of brackets": ("", "甲("),
    "one line of points": ("", "12."),
}
READING = {
    "short lines": "卫\n",
    "items": "1、接种疫苗312人次；",
    "one sentence": "接种疫苗312人次，",
    "cues": "由增加到人",
    "points": "1.",
    "brackets": "(",
    "crosses": "x",
    "damaged numbers": "率76,8%、",
    "years": "2023年1",
    "replaced words": "效劳",
    "cut-off items": "一是",
}


def read(text: str) -> object:
    """Parse a text and extract its facts."""
    data = text.encode()
    return extract(parse(ArchivedFile("bench", "bench", "any", "0" * 64, "text/plain", NOW, len(data)), data))


def seconds(work: Callable[[str], object], text: str) -> float:
    """Processor time of the fastest of some runs."""
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        work(text)
        taken.append(time.process_time() - began)
    return min(taken)


def main(words: list[str]) -> int:
    """Print a line for each text; 1 where a cost grows faster than its text."""
    console = Console(highlight=False, soft_wrap=True)
    works: dict[str, tuple[Callable[[str], object], dict[str, tuple[str, str]]]] = {
        "tables": (lambda text: find_tables(text, ()), TABLES),
        # Another line follows, so that what joins two lines is asked of the long one, too.
        "reading": (lambda text: read(text + "\n以上。\n"), {name: ("", piece) for name, piece in READING.items()}),
    }
    steep = []
    for kind, (work, texts) in works.items():
        sizes = [SIZES[kind] << doubling for doubling in range(DOUBLINGS)]
        console.print(f"{kind:32}" + "".join(f"{size // 1000:>7} kB" for size in sizes) + "   exponent")
        for name, (head, piece) in texts.items():
            if words and not any(word in f"{kind}: {name}" for word in words):
                continue
            work(head + piece * 10)  # word lists are loaded once a process
            taken = [seconds(work, head + piece * (size // len(piece.encode()))) for size in sizes]
            exponent = math.log2(max(taken[-1], 1e-6) / max(taken[0], 1e-6)) / (DOUBLINGS - 1)
            is_steep = exponent > MOST and taken[-1] > SHORTEST
            steep += [f"{kind}: {name}"] if is_steep else []
            console.print(f"  {name:30}" + "".join(f"{each:>8.3f} s" for each in taken) + f"{exponent:>11.2f}")
    console.print("steeper than the length: " + (", ".join(steep) or "none"))
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
