"""Our own asset checks: claims about the staging tables that no dbt test can make, or that must hold before dbt begins.

Belongs here: names, severities, tolerances with their reasons. Not here: the claims' SQL (`warehouse.checks`); the dbt
tests, which become checks by themselves (`assets.build_models`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import dagster as dg
import duckdb

from orchestration import figures
from orchestration.assets import DOCUMENTS, FACTS, REJECTS, WRITER_POOL, waiting_for_the_file
from orchestration.inbox import INVENTED
from orchestration.ledger import ACCEPTED_LOSS
from orchestration.presentation import markdown_table
from orchestration.resources import Store
from warehouse import checks
from warehouse.connections import connect_build, connect_published
from warehouse.errors import AbsentError

# Reports count much that no catalogue names (papers, meetings, sites); above this share the lexicon lags behind.
MAX_UNCODED_SHARE = 0.7
# A stray file in an inbox is normal; more than this share of all that came in points to a portal that changed.
MAX_REJECT_SHARE = 0.1

SPECS = [
    dg.AssetCheckSpec(
        name="spans_hold",
        asset=FACTS,
        blocking=True,
        description="Every span lies in its document; only a lost number is empty.",
    ),
    dg.AssetCheckSpec(
        name="quotes_stand_in_their_documents",
        asset=FACTS,
        blocking=True,
        description="Every quote is in its document's text.",
    ),
    dg.AssetCheckSpec(
        name="quotes_hold_their_numbers",
        asset=FACTS,
        blocking=True,
        description="Every quote stands around its number's span.",
    ),
    dg.AssetCheckSpec(
        name="uncoded_share_is_bearable",
        asset=FACTS,
        description=f"At most {MAX_UNCODED_SHARE:.0%} of the facts have no indicator.",
    ),
    dg.AssetCheckSpec(
        name="rejects_are_few",
        asset=REJECTS,
        description=f"At most {MAX_REJECT_SHARE:.0%} of what came in was rejected.",
    ),
    dg.AssetCheckSpec(
        name="coverage_did_not_shrink",
        asset=DOCUMENTS,
        blocking=True,
        additional_deps=[FACTS],
        description="No fewer documents, facts, regions or indicators than the published file holds. A new parser or "
        f"extractor may find fewer facts in the same documents; any other loss needs its reason in {ACCEPTED_LOSS}.",
    ),
]


@dg.multi_asset_check(name="staging_checks", specs=SPECS, pool=WRITER_POOL)
def staging_checks(store: Store) -> Iterator[dg.AssetCheckResult]:
    """Claims about the staging tables, before the models are built on them."""
    with waiting_for_the_file(), connect_build(store.folder.build) as con:
        for name, claim in (
            ("spans_hold", checks.spans_hold),
            ("quotes_stand_in_their_documents", checks.quote_in_document),
            ("quotes_hold_their_numbers", checks.number_in_quote),
        ):
            yield _claim(name, claim(con))
        yield _uncoded(con)
        yield _rejects(con)
        yield _coverage(con, store)


def _claim(name: str, result: checks.CheckResult) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=FACTS,
        passed=result.passed,
        metadata={"failed": result.failed, "facts": result.total, "examples": list(result.examples)},
    )


def _uncoded(con: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    share = checks.uncoded_share(con)
    return dg.AssetCheckResult(
        check_name="uncoded_share_is_bearable",
        asset_key=FACTS,
        passed=share <= MAX_UNCODED_SHARE,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"uncoded_share": round(share, 4), "limit": MAX_UNCODED_SHARE},
    )


def _rejects(con: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    reasons = figures.rejects_by_reason(con)
    rejects, documents = sum(count for _, count in reasons), checks.coverage(con).documents
    share = rejects / (rejects + documents) if rejects else 0.0
    return dg.AssetCheckResult(
        check_name="rejects_are_few",
        asset_key=REJECTS,
        passed=share <= MAX_REJECT_SHARE,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "reject_share": round(share, 4),
            "limit": MAX_REJECT_SHARE,
            "reasons": dg.MetadataValue.md(markdown_table(["stage and reason", "rejects"], reasons)),
        },
    )


def _coverage(con: duckdb.DuckDBPyConnection, store: Store) -> dg.AssetCheckResult:
    """Compare with the published file; see the check's description for what counts as explained."""
    now = checks.coverage(con)
    try:
        with connect_published(store.folder.published) as published:
            before = checks.coverage(published)
            is_same_reader = _versions(published) == _versions(con)
            was_invented = bool(before.documents) and _sources(published) <= INVENTED
    except AbsentError:
        before, is_same_reader, was_invented = now, True, False
    losses = now.shrunk_since(before)
    explanation = os.environ.get(ACCEPTED_LOSS, "")
    if losses and not explanation and not is_same_reader and now.documents >= before.documents:
        explanation = "the parser or the extractor changed; no document is missing"
    if losses and not explanation and was_invented and not _sources(con) & INVENTED:
        explanation = "real reports took the place of invented ones"
    return dg.AssetCheckResult(
        check_name="coverage_did_not_shrink",
        asset_key=DOCUMENTS,
        passed=not losses,
        severity=dg.AssetCheckSeverity.WARN if explanation else dg.AssetCheckSeverity.ERROR,
        metadata={
            "losses": ", ".join(losses) or "none",
            "explanation": explanation or "none",
            "documents": now.documents,
            "facts": now.facts,
            "regions": now.regions,
            "indicators": now.indicators,
        },
    )


def _sources(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {str(row[0]) for row in con.execute("select distinct source_id from staging.documents").fetchall()}


def _versions(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    query = "select distinct parser_version, extractor_version from staging.documents order by all"
    return con.execute(query).fetchall()
