"""A reader that asks in a loop while the warehouse is published twenty times: no error, no mixed snapshot.

Each publish holds one document more. A reader that opens the file anew for each question must see, in one connection,
relations that agree with each other and with the time of publication.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from small_build import grow

from tests.waiting import eventually
from warehouse.publish import publish

PROJECT = Path(__file__).resolve().parents[2]
PUBLISHES = 20

READER = """
import json, sys
from pathlib import Path
from warehouse.connections import connect_published
path, stop, latest = map(Path, sys.argv[1:])
asked, errors, mixed, seen = 0, [], 0, set()
print("ready", flush=True)
while not stop.exists():
    try:
        with connect_published(path) as con:
            counts = [con.execute(query).fetchone()[0] for query in (
                "select documents from meta.publication",
                "select count(*) from staging.documents",
                "select count(*) from marts.fct_observation",
                "select count(*) from indicator('births')",
                "select count(*) from search.documents",
            )]
    except Exception as error:
        errors.append(repr(error))
    else:
        asked += 1
        mixed += len(set(counts)) > 1
        seen.add(counts[0])
        latest.write_text(str(counts[0]).rjust(9))
print(json.dumps({"asked": asked, "errors": errors, "mixed": mixed, "seen": sorted(seen)}))
"""


def last_seen(latest: Path) -> int:
    """How many documents the reader found last; 0 before its first answer, and while it is writing."""
    return int(latest.read_text().strip() or 0) if latest.exists() else 0


def test_a_reader_in_a_loop_meets_no_error_and_no_mixed_snapshot_during_twenty_publishes(
    build: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = publish(build, tmp_path / "published").path
    stop, latest = tmp_path / "stop", tmp_path / "latest"
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(path), str(stop), str(latest)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    ) as reader:
        assert reader.stdout is not None and reader.stdout.readline() == "ready\n"
        try:
            for number in range(10, 10 + PUBLISHES):
                grow(build, range(number, number + 1))
                assert publish(build, path.parent).changed
                # However busy the machine, the reader keeps up: it has met a file that is at most two publishes old.
                eventually(lambda: reader.poll() is not None or last_seen(latest) >= number - 1)  # noqa: B023
        finally:
            stop.touch()
        output, problems = reader.communicate(timeout=600)
    found = json.loads(output.splitlines()[-1]) if output else problems
    record_property("asked", found["asked"])
    assert found["errors"] == []
    assert found["mixed"] == 0
    # It did meet old and new files, or it would prove nothing.
    assert len(found["seen"]) > PUBLISHES // 4
