"""The dbt project as Dagster sees it: its manifest, how its nodes become assets, how its command is started.

Belongs here: paths and environment of dbt, the manifest built ahead, translation of nodes to asset specs.
Not here: SQL (`dbt_project`), the asset itself (`assets`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.paths import PROJECT, DataFolder

if TYPE_CHECKING:
    from dagster_dbt import DagsterDbtTranslator, DbtCliResource

DBT_FOLDER = PROJECT / "dbt_project"
MANIFEST = DBT_FOLDER / "target" / "manifest.json"
LEXICON = PROJECT / "ingest" / "lexicon"
LEXICON_SEEDS = (LEXICON / "catalogue", LEXICON / "regions")
SOURCE_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".md"}
NOT_SOURCES = {"target", "logs", "dbt_packages"}


class ManifestError(RuntimeError):
    """The manifest is missing, or dbt could not build it."""


def dbt_executable() -> str:
    """The `dbt` of this environment, whether or not it is activated."""
    beside = Path(sys.executable).parent / "dbt"
    return str(beside) if beside.exists() else shutil.which("dbt") or "dbt"


def dbt_environment(folder: DataFolder) -> dict[str, str]:
    """What the project's `profiles.yml` reads, with absolute paths, and nothing sent to anyone."""
    return {
        "WEIJIAN_BUILD_DB": str(folder.build),
        "DBT_PROJECT_DIR": str(DBT_FOLDER),
        "DBT_PROFILES_DIR": str(DBT_FOLDER),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while (dbt and its children read them)."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def build_manifest(folder: DataFolder) -> Path:
    """Run `dbt parse` from inside the dbt folder, so that no path of another folder is remembered.

    Returns:
        The manifest's path.

    Raises:
        ManifestError: dbt refused the project; the message is dbt's own.
    """
    finished = subprocess.run(
        [dbt_executable(), "--no-use-colors", "parse", "--target-path", str(MANIFEST.parent)],
        cwd=DBT_FOLDER,
        env={**os.environ, **dbt_environment(folder), "DBT_LOG_PATH": str(MANIFEST.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode or not MANIFEST.exists():
        raise ManifestError(f"dbt could not parse {DBT_FOLDER}:\n{finished.stdout}{finished.stderr}".rstrip())
    return MANIFEST


def source_files() -> list[Path]:
    """The files that dbt reads, sorted: the project's own, and the tables that it takes from the lexicon."""
    own = [
        path
        for path in DBT_FOLDER.rglob("*")
        if path.suffix in SOURCE_SUFFIXES and path.relative_to(DBT_FOLDER).parts[0] not in NOT_SOURCES
    ]
    shared = [path for folder in LEXICON_SEEDS for path in folder.iterdir() if path.suffix in {".csv", ".yml"}]
    return sorted([*own, *shared])


def is_manifest_fresh() -> bool:
    """Whether the manifest is there and younger than every file that dbt reads."""
    if not MANIFEST.exists():
        return False
    built = MANIFEST.stat().st_mtime
    return all(path.stat().st_mtime <= built for path in source_files())


def ensure_manifest(folder: DataFolder) -> None:
    """Build the manifest where it is missing or older than the dbt project.

    Raises:
        ManifestError: dbt refused the project.
    """
    if not is_manifest_fresh():
        build_manifest(folder)


def load_manifest() -> dict[str, Any]:
    """Read the manifest; a singular test that reads several relations is attached to the last one that it names.

    Dagster makes a check only of a test that hangs on one asset; the others would run without being seen.

    Raises:
        ManifestError: it is not there.
    """
    if not MANIFEST.exists():
        raise ManifestError("dbt_project/target/manifest.json is missing. Build it with: weijian manifest")
    manifest: dict[str, Any] = json.loads(MANIFEST.read_bytes())
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and not node.get("attached_node"):
            parents = node["depends_on"]["nodes"]
            node["attached_node"] = parents[-1] if parents else None
    return manifest


def data_tests(manifest: Mapping[str, Any]) -> list[str]:
    """The unique ids of all data tests in the manifest (unit tests are kept elsewhere in it)."""
    return [unique_id for unique_id, node in manifest["nodes"].items() if node["resource_type"] == "test"]


def count_nodes(manifest: Mapping[str, Any]) -> int:
    """How many results a whole `dbt build` without unit tests gives."""
    return sum(node["resource_type"] in ("model", "seed", "test") for node in manifest["nodes"].values())


def build_translator() -> DagsterDbtTranslator:
    """How nodes become assets: groups by folder, plain descriptions, source tests as checks on the staging assets."""
    from dagster import AssetCheckSpec, AssetSpec
    from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

    class Translator(DagsterDbtTranslator):
        def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
            return "reference" if dbt_resource_props["resource_type"] == "seed" else str(dbt_resource_props["fqn"][1])

        def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
            return str(dbt_resource_props.get("description") or "")

        def get_asset_check_spec(
            self, asset_spec: AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: Any
        ) -> AssetCheckSpec | None:
            spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
            words = manifest["nodes"][unique_id].get("description")
            return spec._replace(description=words) if spec and words else spec

    return Translator(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))


def build_resource() -> DbtCliResource:
    """The dbt command as a Dagster resource: a process of its own for every call, so that it gives the file back."""
    from dagster_dbt import DbtCliResource
    from packaging.version import Version

    class DbtCommand(DbtCliResource):
        # The version is known without starting dbt once more, and this process must not hold the build file by way of
        # an adapter of its own: together they cost as long as the models.
        @property
        def _cli_version(self) -> Version:
            return Version(version("dbt-core"))

        def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
            return None

    return DbtCommand(project_dir=str(DBT_FOLDER), profiles_dir=str(DBT_FOLDER), dbt_executable=dbt_executable())
