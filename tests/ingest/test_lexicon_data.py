"""The lexicon's data files keep to their schema: a curator's slip is told with its file, entry and word."""

from __future__ import annotations

import csv
import itertools
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.lexicon import FOLDER, LexiconError, load_yaml

DOMAINS = sorted(path.stem for path in (FOLDER / "indicators").glob("*.yaml"))
WORD_KEYS = ("also", "subject", "service", "measure", "not", "context", "unless", "age")
ENTRY_KEYS = {*WORD_KEYS, "unit", "since"}
NO_WORDS = {"unit", "class", "since", "makes"}
UNITS = {
    *("person", "visit", "case", "household", "couple", "bed", "dose", "item", "percent", "per_mille", "per_10k"),
    *("per_100k", "per_1k", "ratio", "CNY", "year", "day", "blood_unit", "tonne", "*"),
    # units that are kept as written
    *("kind", "人份", "份", "管", "毫升", "升", "万毫升", "ml", "mL", "ML", "U"),
}
# Two indicators may share a name only where the unit tells them apart.
UNIT_CLASS = {
    **dict.fromkeys(("percent", "per_mille", "per_10k", "per_100k", "ratio"), "share"),
    **dict.fromkeys(("year", "day", "CNY"), "measure"),
}


def read_catalogue() -> dict[str, dict[str, str]]:
    with (FOLDER / "catalogue" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        return {row["indicator_code"]: row for row in csv.DictReader(file)}


CATALOGUE = read_catalogue()
ENTRIES: list[tuple[str, str, dict[str, Any]]] = [
    (domain, code, entry) for domain in DOMAINS for code, entry in load_yaml(f"indicators/{domain}.yaml").items()
]


def words_of(file: str) -> Iterator[tuple[str, str]]:
    """Every word of a lexicon file with the entry that holds it."""
    for name, entry in load_yaml(file).items():
        values = entry if isinstance(entry, list) else [entry[key] for key in entry if key not in NO_WORDS]
        for value in values:
            for word in value if isinstance(value, list) else [value]:
                yield str(name), word


def faults(word: object) -> list[str]:
    """What is wrong with a word as the folded text would hold it."""
    if not isinstance(word, str):
        return ["is no text (quote it)"]
    found = []
    if not word or word != word.strip() or any(character.isspace() for character in word):
        found.append("is empty or has blanks")
    if any(character in "\"'“”‘’《》" for character in word):
        found.append("has quotes")
    if unicodedata.normalize("NFC", word) != word:
        found.append("is not NFC")
    if any("！" <= character <= "～" for character in word):
        found.append("has full-width letters, digits or brackets")
    if any(character in "—–－" for character in word):
        found.append("has a long dash where - stands for a range")
    return found


def test_every_catalogue_code_has_one_entry_in_the_file_of_its_domain() -> None:
    placed = [(code, domain) for domain, code, _ in ENTRIES]
    assert sorted(placed) == sorted((code, row["domain"]) for code, row in CATALOGUE.items())


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_entry_uses_only_the_keys_and_units_of_the_schema(domain: str) -> None:
    wrong = [
        (code, sorted(set(entry) - ENTRY_KEYS), sorted(set(entry.get("unit", [])) - UNITS))
        for place, code, entry in ENTRIES
        if place == domain and (set(entry) - ENTRY_KEYS or set(entry.get("unit", [])) - UNITS)
    ]
    assert wrong == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_entry_names_its_indicator_and_a_service_has_a_subject(domain: str) -> None:
    wrong = [
        code
        for place, code, entry in ENTRIES
        if place == domain and (not entry.get("also") or (entry.get("service") and not entry.get("subject")))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "file", [*(f"indicators/{domain}.yaml" for domain in DOMAINS), "groups.yaml", "institutions.yaml", "diseases.yaml"]
)
def test_every_word_is_written_as_the_folded_text_holds_it(file: str) -> None:
    allowed = {"“六进”活动"}  # the name of a subgroup, not a word that is looked for
    wrong = [(name, word, faults(word)) for name, word in words_of(file) if word not in allowed and faults(word)]
    assert wrong == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_word_stands_twice_in_one_list(domain: str) -> None:
    wrong = [
        (code, key, word)
        for place, code, entry in ENTRIES
        if place == domain
        for key in WORD_KEYS
        for word in set(entry.get(key, []))
        if entry[key].count(word) > 1
    ]
    assert wrong == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_entry_forbids_a_word_that_it_lives_on(domain: str) -> None:
    wrong = [
        (code, word)
        for place, code, entry in ENTRIES
        if place == domain
        for word in entry.get("not", [])
        if any(word in name for key in ("subject", "service", "measure") for name in entry.get(key, []))
    ]
    assert wrong == []


def test_no_whole_name_means_two_indicators_of_one_kind_of_unit() -> None:
    meant: dict[tuple[str, str], list[tuple[str, set[str]]]] = defaultdict(list)
    for _, code, entry in ENTRIES:
        own = CATALOGUE[code]["unit"]
        units = {own, *entry["unit"]} if "unit" in entry else set()  # none given: all that count
        for name in {*entry["also"], CATALOGUE[code]["name_zh"]}:
            meant[name, UNIT_CLASS.get(own, "count")].append((code, units))
    alike = {
        (name, one, other)
        for (name, kind), entries in meant.items()
        for (one, units), (other, others) in itertools.combinations(entries, 2)
        if kind != "count" or not units or not others or units & others
    }
    assert alike == set()


def test_a_group_speaks_of_known_indicators_and_shares_no_word() -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    unknown = []
    for name, group in load_yaml("groups.yaml").items():
        assert set(group) <= {"words", "implied_by", "only", "makes"} and group["words"], name
        for word in group["words"]:
            owners[word].append(name)
        codes = [
            *group.get("implied_by", []),
            *group.get("only", []),
            *itertools.chain(*group.get("makes", {}).items()),
        ]
        unknown += [(name, code) for code in codes if code not in CATALOGUE]
    assert unknown == []
    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


def test_an_institution_form_is_no_generic_name() -> None:
    data = load_yaml("institutions.yaml")
    lists = {"suffixes", "generic", "specific_forms", "plural", "hospital_groups", "counted_of_a_kind", "times_before"}
    assert set(data) == {*lists, "kinds"}
    assert set(data["generic"]) & set(data["specific_forms"]) == set()
    assert all(len(set(words)) == len(words) for words in data.values())


def test_a_disease_has_a_class_and_no_name_is_shared() -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for name, disease in load_yaml("diseases.yaml").items():
        assert set(disease) <= {"class", "also", "indicator"} and disease["class"] in {"a", "b", "c", "other"}, name
        assert disease.get("indicator", "hiv_cases") in CATALOGUE, name
        for word in {name, *disease["also"]}:
            owners[word].append(name)
    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


def test_the_checks_see_a_word_that_the_folded_text_cannot_hold() -> None:
    """The guards above would pass in silence if `faults` found nothing."""
    assert all(faults(word) for word in ("", "健康 管理", "“两癌”筛查", "执业（助理）医师", "0—6岁儿童", 65))
    assert not faults("执业(助理)医师")


def test_the_catalogue_has_one_home() -> None:
    """dbt seeds the same file: a second copy would drift."""
    project = Path(__file__).resolve().parents[2]
    assert not (project / "dbt_project" / "seeds" / "indicators.csv").exists()
    assert "../ingest/lexicon/catalogue" in (project / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8")


def test_an_entry_that_stands_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "twice.yaml").write_text("医院: {words: [医院]}\n医院: {words: [病院]}\n", encoding="utf-8")
    monkeypatch.setattr("ingest.lexicon.FOLDER", tmp_path)
    with pytest.raises(LexiconError, match=r"医院.*twice"):
        load_yaml("twice.yaml")
