"""The assets, from a portal's page to the published file: thin functions that wire the other rooms together.

Belongs here: keys, dependencies, pools, groups, and the metadata of each materialisation.
Not here: what a step does (`ingest`, `warehouse`, `dbt_project`), claims about its result (`checks`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets

from ingest.crawl.launch import command_of, summary_of
from ingest.sources.loader import FOLDER as PORTAL_FILES
from orchestration import figures
from orchestration.dbt import build_translator, dbt_environment, environment
from orchestration.inbox import source_of
from orchestration.partitions import PORTALS, portals
from orchestration.presentation import bar_chart, markdown_table
from orchestration.resources import Progress, Store
from orchestration.schedules import TIMEZONE
from warehouse.connections import connect_build, connect_published
from warehouse.errors import BusyError

if TYPE_CHECKING:
    from ingest.process import StepReport

WRITER_POOL = "warehouse_writer"  # limit 1, see dagster.yaml: the build file has one writer

INBOX = dg.AssetKey("inbox")
DOCUMENTS = dg.AssetKey(["staging", "documents"])
FACTS = dg.AssetKey(["staging", "facts"])
REJECTS = dg.AssetKey(["staging", "rejects"])
CORRECTIONS = dg.AssetKey(["staging", "corrections"])

# The night's run begins at 02:00; by 08:00 Beijing time its result is there, or someone should look.
FRESHNESS = dg.FreshnessPolicy.cron(deadline_cron="0 8 * * *", lower_bound_delta=timedelta(hours=24), timezone=TIMEZONE)


@contextmanager
def waiting_for_the_file() -> Iterator[None]:
    """Try the step again, for a minute, while another process has the build file open.

    The dbt of a run that was killed lives on until it has finished its models.
    """
    try:
        yield
    except BusyError as error:
        raise dg.RetryRequested(max_retries=12, seconds_to_wait=5) from error


inbox = dg.AssetSpec(
    INBOX,
    group_name="sources",
    kinds={"file"},
    description="The folder of reports that a person fills; the sample pack until another is named.",
)


def portal_specs(folder: Path = PORTAL_FILES) -> list[dg.AssetSpec]:
    """One external asset for each portal file, so that lineage begins where the reports are published."""
    return [
        dg.AssetSpec(
            ["portal", portal.id],
            group_name="sources",
            kinds={"html"},
            description=portal.name,
            metadata={"start": list(portal.start), "ref_area": portal.ref_area, "verified": portal.verified},
        )
        for portal in portals(folder).values()
    ]


class CrawlSettings(dg.Config):
    """How a portal is crawled this time."""

    retry_failed: bool = False  # ask only for what failed the last time
    at_any_hour: bool = False  # also outside the portal's nightly window


YIELD_CHECK = dg.AssetCheckSpec(
    name="yield_is_plausible",
    asset="crawled_portals",
    description="The crawl found reports, and no fewer than the portal's tolerance allows beside the crawl before.",
)


@dg.asset(
    partitions_def=PORTALS,
    deps=portal_specs(),
    group_name="archive",
    kinds={"scrapy"},
    check_specs=[YIELD_CHECK],
)
def crawled_portals(
    context: dg.AssetExecutionContext,
    config: CrawlSettings,
    store: Store,
    crawler: dg.ResourceParam[dg.PipesSubprocessClient],
) -> dg.MaterializeResult:
    """What a portal published since it was asked last: bytes and the fetch log, in the raw archive."""
    portal = context.partition_key
    command = command_of(
        PORTAL_FILES / f"{portal}.yaml",
        store.folder.raw,
        retry_failed=config.retry_failed,
        at_any_hour=config.at_any_hour,
    )
    crawler.run(context=context, command=command)
    summary = summary_of(portal, store.folder.raw)
    outcome = [
        ("new", summary.new),
        ("unchanged", summary.unchanged),
        ("gone", summary.gone),
        ("failed", summary.failed),
    ]
    verdict = dg.AssetCheckResult(
        check_name=YIELD_CHECK.name, passed=summary.passed, metadata={"verdict": summary.verdict}
    )
    return dg.MaterializeResult(
        metadata={
            **summary.figures(),
            "overview": dg.MetadataValue.md(
                markdown_table(["outcome", "documents"], outcome) + "\n\n" + bar_chart("Documents by outcome", outcome)
            ),
        },
        check_results=[verdict],
    )


@dg.asset(deps=[inbox, crawled_portals], group_name="archive", kinds={"file"})
def raw_archive(store: Store, progress: dg.ResourceParam[Progress]) -> dg.MaterializeResult:
    """The bytes of every report ever taken in, under their hash, with a log of where each came from."""
    from ingest.acquire import ingest_paths

    archive, inbox_path = store.archive, store.inbox_path
    paths = [inbox_path] if inbox_path else []
    report = ingest_paths(paths, archive, source_id=source_of(inbox_path), progress=progress.of("archive"))
    files = archive.files()
    formats = Counter(file.media_type for file in files).most_common()
    return dg.MaterializeResult(
        metadata={
            "overview": dg.MetadataValue.md(
                markdown_table(["format", "files"], formats) + "\n\n" + bar_chart("Files by format", formats)
            ),
            "inbox": str(inbox_path or "the archive alone"),
            "files": len(files),
            "new_files": len(report.files) - report.known,
            "rejects": len(report.rejects),
            "bytes": sum(file.size for file in files),
        }
    )


@dg.asset(deps=[raw_archive], group_name="reading", kinds={"python"})
def parsed_documents(store: Store, progress: dg.ResourceParam[Progress]) -> dg.MaterializeResult:
    """Title, publisher, dates, place, sections and the normalised text of every archived report."""
    from ingest.process import parse_pending

    report = parse_pending(store.archive, store.derived, workers=store.workers, progress=progress.of("parse"))
    return dg.MaterializeResult(metadata=_step_metadata(report))


@dg.asset(deps=[parsed_documents], group_name="reading", kinds={"python"})
def extracted_facts(store: Store, progress: dg.ResourceParam[Progress]) -> dg.MaterializeResult:
    """Every quantity of every document with its span, unit, role, indicator, place and period."""
    from ingest.process import extract_pending

    report = extract_pending(store.derived, workers=store.workers, progress=progress.of("extract"))
    return dg.MaterializeResult(metadata=_step_metadata(report))


def _step_metadata(report: "StepReport") -> dict[str, dg.MetadataValue | float]:
    outcome = [("processed", report.processed), ("unchanged", report.skipped), ("rejected", report.rejected)]
    return {
        "overview": dg.MetadataValue.md(
            markdown_table(["outcome", "documents"], outcome) + "\n\n" + bar_chart("Documents by outcome", outcome)
        ),
        "processed": report.processed,
        "unchanged": report.skipped,
        "rejects": report.rejected,
        "seconds": round(report.seconds, 2),
    }


@dg.multi_asset(
    name="staging",
    specs=[
        dg.AssetSpec(
            DOCUMENTS,
            deps=[parsed_documents],
            group_name="staging",
            kinds={"duckdb", "table"},
            description="One row for each version of a document.",
        ),
        dg.AssetSpec(
            FACTS,
            deps=[parsed_documents, extracted_facts],
            group_name="staging",
            kinds={"duckdb", "table"},
            description="One row for each quantity, with the span it was read from.",
        ),
        dg.AssetSpec(
            REJECTS,
            deps=[raw_archive, parsed_documents, extracted_facts],
            group_name="staging",
            kinds={"duckdb", "table"},
            description="What could not be taken in, and why: nothing is dropped without a row here.",
        ),
        dg.AssetSpec(
            CORRECTIONS,
            group_name="staging",
            kinds={"duckdb", "yaml"},
            description="Known errors of the sources, from warehouse/corrections, with the reason for each.",
        ),
    ],
    pool=WRITER_POOL,
)
def staging(store: Store) -> Iterator[dg.MaterializeResult]:
    """Brings the staging tables to what the derived files hold, in one transaction a batch."""
    from ingest.load import load
    from warehouse.corrections import read_corrections, write_corrections

    corrections = read_corrections()
    with waiting_for_the_file(), connect_build(store.folder.build) as con:
        report = load(con, store.archive, store.derived)
        write_corrections(con, corrections)
        kinds = figures.documents_by_kind(con)
        roles = figures.facts_by_role(con)
        indicators = figures.facts_by_indicator(con)
        reasons = figures.rejects_by_reason(con)
    figures_of_load = report.metadata()
    yield dg.MaterializeResult(
        asset_key=DOCUMENTS,
        metadata={
            "overview": dg.MetadataValue.md(
                markdown_table(["report kind", "documents"], kinds) + "\n\n" + bar_chart("Documents by kind", kinds)
            ),
            **figures_of_load,
            "dagster/row_count": report.documents_total,
        },
    )
    yield dg.MaterializeResult(
        asset_key=FACTS,
        metadata={
            "overview": dg.MetadataValue.md(
                markdown_table(["role", "facts", "coded"], roles)
                + "\n\n"
                + bar_chart("Facts of the most frequent indicators", indicators)
            ),
            **figures_of_load,
            "dagster/row_count": report.facts_total,
        },
    )
    yield dg.MaterializeResult(
        asset_key=REJECTS,
        metadata={
            "overview": dg.MetadataValue.md(
                markdown_table(["stage and reason", "rejects"], reasons) if reasons else "Nothing was rejected."
            ),
            **figures_of_load,
            "dagster/row_count": report.rejects_total,
        },
    )
    yield dg.MaterializeResult(
        asset_key=CORRECTIONS,
        metadata={
            "overview": dg.MetadataValue.md(
                markdown_table(["correction", "why"], [(entry.id, entry.reason.en) for entry in corrections])
                if corrections
                else "There are no corrections."
            ),
            "dagster/row_count": len(corrections),
        },
    )


def build_models(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """The dbt project's seeds and models as assets, its data tests as their checks.

    Args:
        manifest: as `orchestration.dbt.load_manifest` reads it.
    """

    @dbt_assets(manifest=manifest, name="models", dagster_dbt_translator=build_translator(), pool=WRITER_POOL)
    def models(context: dg.AssetExecutionContext, dbt: DbtCliResource, store: Store) -> Iterator[Any]:
        # Unit tests check the rules, not the data: they run in CI.
        with environment(dbt_environment(store.folder)):
            build = dbt.cli(
                ["build", "--exclude-resource-type", "unit_test"],
                context=context,
                target_path=store.folder.dagster_home / "dbt",
            )
        yield from build.stream()

    return models


def build_published(marts: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The published file as an asset.

    Args:
        marts: the keys that it is made of, besides the staging tables.
    """

    @dg.asset(
        deps=[DOCUMENTS, FACTS, REJECTS, *marts],
        group_name="published",
        kinds={"duckdb", "parquet"},
        pool=WRITER_POOL,
        freshness_policy=FRESHNESS,
    )
    def published_warehouse(store: Store) -> dg.MaterializeResult:
        """The DuckDB file that readers open, with Parquet of the marts beside it; replaced whole or not at all."""
        from warehouse.publish import publish

        with waiting_for_the_file():
            report = publish(store.folder.build, store.folder.published_folder)
        with connect_published(report.path) as con:
            domains = figures.observations_by_domain(con)
        rows = [(relation, count) for relation, count in report.rows.items()]
        return dg.MaterializeResult(
            metadata={
                "overview": dg.MetadataValue.md(
                    markdown_table(["relation", "rows"], rows) + "\n\n" + bar_chart("Observations by domain", domains)
                ),
                **report.metadata(),
            }
        )

    return published_warehouse
