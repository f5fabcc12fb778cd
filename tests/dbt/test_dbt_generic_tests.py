"""The tests of the data tests: each must fail on the rows that it exists for, and pass on the rows beside them.

Belongs here: a dbt project of a few hand-written relations, made anew for each run, in which the macros of the real
project judge them. Not here: what the real models hold (`test_dbt_marts`).

A case that must fail and passes in silence is the danger: an empty relation, a NULL, a code without a counterpart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from staged_sample import DBT_PROJECT, DbtResult, run_dbt

RANGES = """
select * from (values ('coverage', 0.0, 100.0), ('unbounded', null, null))
as t(indicator_code, plausible_min, plausible_max)
"""
TEXTS = """
select * from (values ('d', '甲县产妇总数1820人,系统管理率95.4%。床位数从张增加。'), ('empty', ''))
as t(document_id, text)
"""

LEVEL = "fact_id, indicator_code, role, value, value_max, quality_flags"
PART = "fact_id, document_id, indicator_code, ref_area, period_key, subgroup, unit, entity, role, value, confidence"
SPAN = "fact_id, document_id, char_start, char_end, quote, quality_flags"
KEY = "area, period"

RANGE = "value_within_plausible_range"
PARTS = "parts_do_not_exceed_whole"
QUOTE = "quote_in_document"
UNIQUE = "unique_combination"
ROWS = "has_rows"

ARGUMENTS: dict[str, dict[str, Any]] = {
    RANGE: {},
    PARTS: {"whole": "births", "parts": ["first", "second"]},
    QUOTE: {"documents": "ref('texts')"},
    UNIQUE: {"columns": ["area", "period"]},
    ROWS: {},
}


@dataclass(frozen=True, slots=True)
class Case:
    """Rows (SQL values) with their columns, and how many failures the test must count on them."""

    test: str
    name: str
    columns: str
    rows: tuple[str, ...]
    failures: int
    types: dict[str, str] = field(default_factory=dict)

    @property
    def model(self) -> str:
        return f"{self.test}__{self.name}"

    def sql(self) -> str:
        """The relation; without rows, the columns of a row that is filtered away."""
        rows, where = (self.rows, "") if self.rows else (NO_ROWS[self.test], "\nwhere false")
        return f"select * from (values {', '.join(rows)}) as t({self.columns}){where}"


def part(fact_id: str, code: str, value: str, confidence: float = 0.9, entity: str = "", unit: str = "person") -> str:
    return f"('{fact_id}', 'd', '{code}', '640522', '2022', '', '{unit}', '{entity}', 'actual', {value}, {confidence})"


NO_ROWS = {
    RANGE: ("('f', 'coverage', 'actual', 1.0, null::double, []::varchar[])",),
    PARTS: (part("f", "births", "1.0"),),
    QUOTE: ("('f', 'd', 1, 2, 'q', []::varchar[])",),
    UNIQUE: ("('a', 'p')",),
    ROWS: ("('a', 'p')",),
}

CASES = (
    Case(RANGE, "inside", LEVEL, ("('f', 'coverage', 'actual', 95.0, null::double, []::varchar[])",), 0),
    Case(RANGE, "on_the_bounds", LEVEL, ("('f', 'coverage', 'target', 0.0, 100.0, []::varchar[])",), 0),
    Case(RANGE, "outside", LEVEL, ("('f', 'coverage', 'actual', 100.1, null::double, []::varchar[])",), 1),
    Case(RANGE, "upper_end_outside", LEVEL, ("('f', 'coverage', 'actual', 99.0, 101.0, []::varchar[])",), 1),
    Case(
        RANGE, "outside_but_flagged", LEVEL, ("('f', 'coverage', 'actual', 640.0, null::double, ['implausible'])",), 0
    ),
    Case(RANGE, "over_100_as_stated", LEVEL, ("('f', 'coverage', 'actual', 101.0, null::double, ['over_100'])",), 0),
    Case(
        RANGE,
        "another_flag_excuses_nothing",
        LEVEL,
        ("('f', 'coverage', 'actual', 640.0, null::double, ['inconsistent'])",),
        1,
    ),
    Case(
        RANGE, "a_change_has_no_range", LEVEL, ("('f', 'coverage', 'change', -111.0, null::double, []::varchar[])",), 0
    ),
    Case(RANGE, "uncoded", LEVEL, ("('f', '', 'actual', 640.0, null::double, []::varchar[])",), 0),
    Case(RANGE, "null_value", LEVEL, ("('f', 'coverage', 'actual', null::double, null::double, []::varchar[])",), 1),
    Case(
        RANGE,
        "null_value_of_a_lost_number",
        LEVEL,
        ("('f', 'coverage', 'actual', null::double, null::double, ['digits_lost'])",),
        0,
    ),
    Case(
        RANGE,
        "a_code_that_the_catalogue_lacks",
        LEVEL,
        ("('f', 'unknown', 'actual', 1.0, null::double, []::varchar[])",),
        1,
    ),
    Case(
        RANGE, "a_code_without_a_range", LEVEL, ("('f', 'unbounded', 'actual', 1.0, null::double, []::varchar[])",), 1
    ),
    Case(RANGE, "empty", LEVEL, (), 0),
    Case(PARTS, "below", PART, (part("w", "births", "10.0"), part("a", "first", "5.0"), part("b", "second", "4.0")), 0),
    Case(
        PARTS,
        "equal_but_for_binary_fractions",
        PART,
        (part("w", "births", "0.3"), part("a", "first", "0.1"), part("b", "second", "0.2")),
        0,
    ),
    Case(PARTS, "above", PART, (part("w", "births", "10.0"), part("a", "first", "7.0"), part("b", "second", "4.0")), 1),
    Case(PARTS, "one_part_alone_above", PART, (part("w", "births", "10.0"), part("a", "first", "11.0")), 1),
    Case(
        PARTS,
        "a_repeated_part_counts_once",
        PART,
        (part("w", "births", "10.0"), part("a", "first", "6.0"), part("a2", "first", "6.0")),
        0,
    ),
    Case(
        PARTS,
        "of_an_institution",
        PART,
        (part("w", "births", "10.0"), part("a", "first", "11.0", entity="县人民医院")),
        0,
    ),
    Case(PARTS, "in_another_unit", PART, (part("w", "births", "10.0"), part("a", "first", "11.0", unit="couple")), 0),
    Case(PARTS, "without_the_whole", PART, (part("a", "first", "7.0"), part("b", "second", "4.0")), 0),
    Case(
        PARTS,
        "null_part",
        PART,
        (part("w", "births", "10.0"), part("a", "first", "7.0"), part("b", "second", "null")),
        1,
    ),
    Case(PARTS, "null_whole", PART, (part("w", "births", "null::double"), part("a", "first", "7.0")), 1),
    Case(PARTS, "empty", PART, (), 0),
    Case(QUOTE, "around_its_number", SPAN, ("('f', 'd', 6, 10, '产妇总数1820人', []::varchar[])",), 0),
    Case(QUOTE, "the_number_alone", SPAN, ("('f', 'd', 6, 10, '1820', []::varchar[])",), 0),
    Case(QUOTE, "at_the_ends_of_the_text", SPAN, ("('f', 'd', 0, 1, '甲县', []::varchar[])",), 0),
    Case(QUOTE, "not_in_the_document", SPAN, ("('f', 'd', 6, 10, '产妇总数1821人', []::varchar[])",), 1),
    Case(QUOTE, "elsewhere_than_its_number", SPAN, ("('f', 'd', 17, 21, '产妇总数1820人', []::varchar[])",), 1),
    Case(QUOTE, "holds_half_the_number", SPAN, ("('f', 'd', 6, 10, '产妇总数18', []::varchar[])",), 1),
    Case(QUOTE, "span_beyond_the_text", SPAN, ("('f', 'd', 6, 99, '1820', []::varchar[])",), 1),
    Case(QUOTE, "span_before_the_text", SPAN, ("('f', 'd', -1, 1, '甲县', []::varchar[])",), 1),
    Case(QUOTE, "span_reversed", SPAN, ("('f', 'd', 10, 6, '产妇总数1820人', []::varchar[])",), 1),
    Case(QUOTE, "empty_span", SPAN, ("('f', 'd', 6, 6, '产妇总数1820人', []::varchar[])",), 1),
    Case(QUOTE, "empty_span_of_a_lost_number", SPAN, ("('f', 'd', 27, 27, '床位数从张', ['digits_lost'])",), 0),
    Case(QUOTE, "empty_quote", SPAN, ("('f', 'd', 6, 10, '', []::varchar[])",), 1),
    Case(QUOTE, "null_quote", SPAN, ("('f', 'd', 6, 10, null::varchar, []::varchar[])",), 1),
    Case(QUOTE, "null_span", SPAN, ("('f', 'd', null::integer, null::integer, '1820', []::varchar[])",), 1),
    Case(QUOTE, "document_missing", SPAN, ("('f', 'x', 6, 10, '1820', []::varchar[])",), 1),
    Case(QUOTE, "document_without_text", SPAN, ("('f', 'empty', 0, 0, '1820', ['digits_lost'])",), 1),
    Case(QUOTE, "empty", SPAN, (), 0),
    Case(UNIQUE, "different", KEY, ("('a', 'p')", "('a', 'q')", "('b', 'p')", "('a', null)"), 0),
    Case(UNIQUE, "twice", KEY, ("('a', 'p')", "('a', 'p')"), 1),
    Case(UNIQUE, "twice_null", KEY, ("('a', null)", "('a', null)"), 1),
    Case(UNIQUE, "empty", KEY, (), 0),
    Case(ROWS, "one_null_row", KEY, ("(null, null)",), 0),
    Case(ROWS, "empty", KEY, (), 1),
)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> DbtResult:
    """One dbt project with a view and a test for each case, built once."""
    folder = tmp_path_factory.mktemp("generic")
    project, models = folder / "project", folder / "project" / "models"
    models.mkdir(parents=True)
    (project / "dbt_project.yml").write_text(
        yaml.safe_dump(
            {
                "name": "cases",
                "profile": "weijian",
                "model-paths": ["models"],
                "macro-paths": [str(DBT_PROJECT / "macros"), str(DBT_PROJECT / "tests" / "generic")],
                "flags": {"require_generic_test_arguments_property": True},
            }
        ),
        encoding="utf-8",
    )
    (models / "dim_indicator.sql").write_text(RANGES, encoding="utf-8")
    (models / "texts.sql").write_text(TEXTS, encoding="utf-8")
    described = []
    for case in CASES:
        (models / f"{case.model}.sql").write_text(case.sql(), encoding="utf-8")
        test = {"name": f"on_{case.model}", **({"arguments": ARGUMENTS[case.test]} if ARGUMENTS[case.test] else {})}
        described.append({"name": case.model, "data_tests": [{case.test: test}]})
    (models / "cases.yml").write_text(yaml.safe_dump({"models": described}, allow_unicode=True), encoding="utf-8")
    return run_dbt(["build"], folder / "cases.duckdb", folder / "target", project)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.model)
def test_a_data_test_counts_exactly_the_rows_that_break_its_claim(judged: DbtResult, case: Case) -> None:
    name = f"on_{case.model}"
    assert name in judged.statuses, judged.output[-3000:]
    expected = "fail" if case.failures else "pass"
    assert (judged.statuses[name], judged.failures[name]) == (expected, case.failures), judged.output[-3000:]


def test_every_own_data_test_has_a_case_that_it_must_fail_and_one_that_it_must_pass() -> None:
    own = {path.stem for path in (DBT_PROJECT / "tests" / "generic").glob("*.sql")}
    assert own == {case.test for case in CASES if case.failures} == {case.test for case in CASES if not case.failures}


BLIND_TO_NULL = ("unique", "accepted_values", "relationships")
# A change whose unit fits no basis has none.
MAY_BE_EMPTY = {("indicator_change", "stated_basis")}


def test_no_column_escapes_its_test_by_being_empty() -> None:
    """unique, accepted_values and relationships of dbt pass over NULL: where they stand, none may be."""
    escaping = set()
    for path in (DBT_PROJECT / "models").rglob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            for column in model.get("columns", []):
                tests = {test if isinstance(test, str) else next(iter(test)) for test in column.get("data_tests", [])}
                constraints = {constraint["type"] for constraint in column.get("constraints", [])}
                if tests & set(BLIND_TO_NULL) and "not_null" not in tests | constraints:
                    escaping.add((model["name"], column["name"]))
    assert escaping == MAY_BE_EMPTY
