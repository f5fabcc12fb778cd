"""The composition: expected assets, checks, pool, schedule; all without running anything."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

EXPECTED = {
    "inbox",
    "crawled_portals",
    "raw_archive",
    "parsed_documents",
    "extracted_facts",
    "staging/documents",
    "staging/facts",
    "staging/rejects",
    "staging/corrections",
    "marts/dim_region",
    "marts/dim_indicator",
    "marts/dim_document",
    "marts/fct_observation",
    "marts/indicator_by_region_period",
    "marts/indicator_revision",
    "marts/indicator_target",
    "marts/data_quality_issue",
    "marts/coverage",
    "marts/coverage_gap",
    "marts/correction",
    "marts/indicator_change",
    "marts/region_parent_share",
    "marts/region_profile",
    "marts/harmonised_series",
    "published_warehouse",
}
OWN_CHECKS = {
    "spans_hold",
    "quotes_stand_in_their_documents",
    "quotes_hold_their_numbers",
    "uncoded_share_is_bearable",
    "rejects_are_few",
    "coverage_did_not_shrink",
    "yield_is_plausible",
}


@pytest.fixture(scope="module")
def definitions(manifest: Path) -> dg.Definitions:
    module = importlib.import_module("orchestration.definitions")
    built: dg.Definitions = module.build_definitions()
    return built


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> object:
    return definitions.resolve_asset_graph()


def test_every_asset_of_the_contract_is_there(graph) -> None:
    missing = EXPECTED - {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert missing == set()


def test_every_dbt_test_is_a_check_and_none_hides_another(graph, manifest: Path) -> None:
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    tests = [node["name"] for node in nodes.values() if node["resource_type"] == "test"]
    checks = [key.name for key in graph.asset_check_keys]
    assert len(tests) > 100
    assert len(checks) == len(tests) + len(OWN_CHECKS)
    assert sorted(set(checks)) == sorted({*tests, *OWN_CHECKS})


def test_lineage_runs_unbroken_from_the_sources_to_every_mart(graph) -> None:
    published = dg.AssetKey("published_warehouse")
    upstream = {key.to_user_string() for key in graph.get_ancestor_asset_keys(published)}
    assert upstream >= EXPECTED - {"published_warehouse"}
    for mart in (key for key in graph.get_all_asset_keys() if key.path[0] == "marts"):
        roots = {
            key.to_user_string()
            for key in graph.get_ancestor_asset_keys(mart)
            if not graph.get(key).parent_keys and key.path[0] != "seeds"
        }
        assert roots <= {"inbox", "staging/corrections", *(key for key in roots if key.startswith("portal/"))}, mart
    portals = [key for key in graph.get_all_asset_keys() if key.path[0] == "portal"]
    for portal in portals:
        assert graph.get(portal).child_keys == {dg.AssetKey("crawled_portals")}


def test_a_portal_file_becomes_the_beginning_of_the_lineage(tmp_path: Path) -> None:
    from orchestration.assets import portal_specs

    (tmp_path / "a-county.yaml").write_text(
        "id: a-county\nname: 甲县人民政府\nref_area: '640522'\nfamily: trs_wcm\nstart: [http://portal.example/]\n",
        encoding="utf-8",
    )
    (tmp_path / "inbox.yaml").write_text("id: inbox\nname: 收件箱\nfamily: inbox\n", encoding="utf-8")
    specs = portal_specs(tmp_path)
    assert [spec.key for spec in specs] == [dg.AssetKey(["portal", "a-county"])]
    assert specs[0].description == "甲县人民政府"


def test_every_writer_of_the_build_file_waits_in_one_pool(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("nightly")
    pools = {node.name: node.definition.pool for node in job.nodes}
    writers = {"staging", "staging_checks", "models", "published_warehouse"}
    assert {name for name, pool in pools.items() if pool == "warehouse_writer"} == writers
    assert {name for name, pool in pools.items() if pool is None} == {
        "raw_archive",
        "parsed_documents",
        "extracted_facts",
    }


def test_the_pool_has_one_place_over_all_runs_and_nothing_is_sent_home(project: Path) -> None:
    settings = yaml.safe_load((project / "orchestration" / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["concurrency"]["pools"] == {"default_limit": 1, "granularity": "op"}
    assert settings["telemetry"] == {"enabled": False}


def test_the_nightly_job_makes_everything_in_one_process(definitions: dg.Definitions, graph) -> None:
    job = definitions.resolve_job_def("nightly")
    assert job.executor_def.name == "in_process"
    crawled = dg.AssetKey("crawled_portals")  # asked in runs of their own, a portal each
    assert set(job.asset_layer.selected_asset_keys) == set(graph.materializable_asset_keys) - {crawled}


def test_the_schedule_is_on_at_two_in_the_morning_of_beijing(definitions: dg.Definitions) -> None:
    schedules = {each.name: each for each in definitions.schedules or [] if isinstance(each, dg.ScheduleDefinition)}
    schedule = schedules["nightly_schedule"]
    assert schedule.job_name == "nightly"
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.execution_timezone == "Asia/Shanghai"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_the_published_file_must_be_fresh_in_the_morning(graph) -> None:
    policy = graph.get(dg.AssetKey("published_warehouse")).freshness_policy
    assert (policy.deadline_cron, policy.timezone) == ("0 8 * * *", "Asia/Shanghai")


def test_a_test_can_put_its_own_resources_in_place(manifest: Path) -> None:
    from orchestration.definitions import build_definitions
    from orchestration.resources import Store

    store = Store(data="elsewhere")
    assert (build_definitions({"store": store}).resources or {})["store"] is store


def test_every_asset_says_what_it_is_and_stands_in_a_named_group(graph) -> None:
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.group_name not in (None, "default"), key


def test_loading_the_definitions_parses_nothing(project: Path, manifest: Path) -> None:
    before = manifest.stat().st_mtime_ns
    script = (
        "import subprocess\n"
        "start = subprocess.Popen.__init__\n"
        "def watched(self, args, *rest, **options):\n"
        "    assert 'dbt' not in str(args), f'{args} was started at import'\n"
        "    start(self, args, *rest, **options)\n"
        "subprocess.Popen.__init__ = watched\n"
        "import orchestration.definitions\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=project)
    assert manifest.stat().st_mtime_ns == before


def test_a_missing_manifest_says_how_to_build_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from orchestration import dbt

    monkeypatch.setattr(dbt, "MANIFEST", tmp_path / "manifest.json")
    with pytest.raises(dbt.ManifestError, match="weijian manifest"):
        dbt.load_manifest()


def test_a_singular_test_over_several_models_hangs_on_one_of_them(manifest: Path) -> None:
    from orchestration.dbt import load_manifest

    tests = [node for node in load_manifest()["nodes"].values() if node["resource_type"] == "test"]
    assert [node["name"] for node in tests if not node["attached_node"]] == []


def test_the_dbt_command_overrides_what_exists() -> None:
    """The subclass in `orchestration.dbt` leans on two names of dagster-dbt: an update that drops one must be seen."""
    from dagster_dbt import DbtCliResource

    assert hasattr(DbtCliResource, "_cli_version")
    assert hasattr(DbtCliResource, "_initialize_dbt_core_adapter")
