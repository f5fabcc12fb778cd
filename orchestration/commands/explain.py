"""`weijian explain`: one number, the words it was read from, and why it was read as it was.

Belongs here: finding a fact by its id and laying out its evidence. Not here: the evidence (`ingest.extract`).
"""

from __future__ import annotations

import json
from typing import Any

import duckdb
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from warehouse.connections import connect_published
from warehouse.paths import DataFolder
from warehouse.sentences import sentence_around

CANDIDATES = 10

FACT = """
select
    facts.*,
    documents.text,
    documents.title,
    documents.url,
    documents.file_name,
    documents.publisher,
    documents.published_on,
    documents.evidence as document_evidence,
    dim_region.name_zh as region_name,
    dim_indicator.name_zh as indicator_name
from staging.facts as facts
join staging.documents as documents using (document_id)
left join marts.dim_region as dim_region on dim_region.ref_area = facts.ref_area
left join marts.dim_indicator as dim_indicator on dim_indicator.indicator_code = facts.indicator_code
where facts.fact_id = ?
limit 1
"""


class UnknownFactError(Exception):
    """No fact, or more than one, has an id that begins like this."""


def explain(prefix: str, folder: DataFolder, console: Console) -> None:
    """Print where a fact comes from and what decided each of its fields.

    Args:
        prefix: the fact's id or the beginning of it, as long as it is the only one.
        folder: the data folder.
        console: where to print.

    Raises:
        UnknownFactError: none or several begin so.
        WarehouseError: nothing is published yet.
    """
    with connect_published(folder.published) as con:
        fact = _row(con, FACT, [_only_id(con, prefix)])
    evidence, of_document = json.loads(fact["evidence"] or "{}"), json.loads(fact["document_evidence"] or "{}")
    console.print(Panel(_sentence(fact), title=Text(_headline(fact)), title_align="left", padding=(1, 2)))
    console.print(_reasons(fact, evidence, of_document), markup=False)
    console.print()
    console.print(_document(fact, of_document), markup=False)


def _only_id(con: duckdb.DuckDBPyConnection, prefix: str) -> str:
    ids = [
        str(row[0])
        for row in con.execute(
            "select fact_id from staging.facts where starts_with(fact_id, ?) order by fact_id limit ?",
            [prefix, CANDIDATES],
        ).fetchall()
    ]
    if not ids:
        raise UnknownFactError(
            f"No fact's id begins with {prefix!r}. Find one: "
            'weijian sql "select fact_id, quote from staging.facts limit 10"'
        )
    if len(ids) > 1 and ids[0] != prefix:
        raise UnknownFactError(f"Several facts' ids begin with {prefix!r}: {', '.join(ids)} … Give more of it.")
    return ids[0]


def _row(con: duckdb.DuckDBPyConnection, query: str, parameters: list[str]) -> dict[str, Any]:
    cursor = con.execute(query, parameters)
    names = [str(column[0]) for column in cursor.description or []]
    return dict(zip(names, cursor.fetchone() or (), strict=True))


def _sentence(fact: dict[str, Any]) -> Text:
    text, start, end = fact["text"], fact["char_start"], fact["char_end"]
    begin, finish = sentence_around(text, start, end)
    quote_start = text.find(fact["quote"], max(begin, end - len(fact["quote"])))
    shown = Text(text[begin:finish].strip("\n"))
    offset = begin + len(text[begin:finish]) - len(text[begin:finish].lstrip("\n"))
    if quote_start >= 0:
        shown.stylize("bold", quote_start - offset, quote_start - offset + len(fact["quote"]))
    if start == end:
        shown = Text.assemble(shown[: start - offset], ("[…]", "bold reverse red"), shown[start - offset :])
    else:
        shown = Text.assemble(
            shown[: start - offset],
            ("[", "bold"),
            shown[start - offset : end - offset],
            ("]", "bold"),
            shown[end - offset :],
        )
        shown.stylize("reverse", start - offset + 1, end - offset + 1)
    return shown


def _headline(fact: dict[str, Any]) -> str:
    value = "the number is lost" if fact["value"] is None else f"{fact['value']:.12g}"
    if fact["value_max"] is not None:
        value += f" to {fact['value_max']:.12g}"
    sign = "" if fact["comparator"] == "=" else f"{fact['comparator']} "
    name = fact["indicator_name"] or fact["indicator_text"]
    return f"{name}: {sign}{value} {fact['unit']} ({fact['role']})"


def _document(fact: dict[str, Any], of_document: dict[str, str]) -> Table:
    table = _table("Document")
    for label, key, value in (
        ("title", "title", fact["title"]),
        ("publisher", "publisher", fact["publisher"]),
        ("published on", "published_on", fact["published_on"]),
        ("address", "", fact["url"]),
        ("document", "", fact["document_id"]),
        ("fact", "", f"{fact['fact_id']}, characters {fact['char_start']} to {fact['char_end']}"),
    ):
        table.add_row(label, str(value or "(unknown)"), of_document.get(key, ""))
    return table


def _reasons(fact: dict[str, Any], evidence: dict[str, str], of_document: dict[str, str]) -> Table:
    fields = {
        "number": fact["number_text"] or "(lost)",
        "indicator": f"{fact['indicator_code'] or '(none)'} {fact['indicator_name'] or fact['indicator_text']}",
        "unit": fact["unit"] or "(none)",
        "role": fact["role"],
        "period": f"{fact['period_start'] or '…'} to {fact['period_end'] or '(unknown)'}",
        "ref_area": f"{fact['ref_area'] or '(open)'} {fact['region_name'] or ''}".strip(),
        "subgroup": fact["subgroup"],
        "entity": fact["entity"],
        "quality_flags": ", ".join(fact["quality_flags"]),
        "repaired_value": "" if fact["repaired_value"] is None else f"{fact['repaired_value']:.12g} (a proposal)",
        "confidence": f"{fact['confidence']:.2f}",
    }
    table = _table("Why")
    for name, value in fields.items():
        reason = _reason(name, evidence)
        if reason.startswith("document") and (origin := _reason(name, of_document)):
            reason = f"{reason} ({origin})"
        if value or reason:
            table.add_row(name, value, reason)
    told = {key for name in fields for key in _keys(name)}
    for key, reason in evidence.items():
        if key not in told:
            table.add_row(key, "", str(reason))
    return table


def _keys(name: str) -> tuple[str, ...]:
    """Where evidence for a field may stand: under its own name, or under that of the columns it sums up."""
    return {
        "indicator": ("indicator", "indicator_code", "indicator_text"),
        "period": ("period", "period_start", "period_end"),
        "quality_flags": ("quality_flags", "quality"),
    }.get(name, (name,))


def _reason(name: str, evidence: dict[str, str]) -> str:
    return "; ".join(dict.fromkeys(str(evidence[key]) for key in _keys(name) if evidence.get(key)))


def _table(title: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=None, pad_edge=False)
    table.add_column("field", style="bold", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("because", overflow="fold")
    return table
