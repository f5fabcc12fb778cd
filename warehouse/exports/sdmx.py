"""SDMX-CSV 2.0: the curated values as one dataset that statistical software reads.

Belongs here: dimensions and attributes of the dataflow `WEIJIAN:HEALTH(1.0)`. Not here: our own columns (the marts).

Source: SDMX-CSV field guide, version 2.0.0 (sdmx-twg): STRUCTURE, STRUCTURE_ID and ACTION come first, then the
dimensions, the measure, the attributes.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.connections import quoted

DATAFLOW = "WEIJIAN:HEALTH(1.0)"

# A subgroup, which is words, gets a code; so do the signs of comparison, of which one would start a formula in a cell.
OBSERVATIONS = f"""
select
    'dataflow' as STRUCTURE,
    '{DATAFLOW}' as STRUCTURE_ID,
    'I' as ACTION,
    curated.freq as FREQ,
    curated.ref_area as REF_AREA,
    curated.indicator_code as INDICATOR,
    case when curated.subgroup = '' then '_T' else 'S_' || upper(left(md5(curated.subgroup), 10)) end as SUBGROUP,
    observed.time_period as TIME_PERIOD,
    curated.value as OBS_VALUE,
    observed.unit_measure as UNIT_MEASURE,
    observed.unit_mult as UNIT_MULT,
    observed.decimals as DECIMALS,
    curated.obs_status as OBS_STATUS,
    case curated.comparator
        when '>=' then 'GE' when '>' then 'GT' when '<=' then 'LE' when '<' then 'LT' when '~' then 'AP' else 'EQ'
    end as COMPARATOR,
    curated.value_max as OBS_VALUE_MAX,
    case when curated.is_corrected then 'Y' else 'N' end as IS_CORRECTED,
    case when curated.is_baseline then 'Y' else 'N' end as IS_BASELINE,
    case when curated.is_disputed then 'Y' else 'N' end as IS_DISPUTED,
    curated.subgroup as SUBGROUP_TEXT,
    curated.region_name as REF_AREA_NAME,
    curated.indicator_name as INDICATOR_NAME,
    curated.fact_id as FACT_ID
from marts.indicator_by_region_period as curated
inner join marts.fct_observation as observed on curated.fact_id = observed.fact_id
order by INDICATOR, REF_AREA, SUBGROUP, FREQ, TIME_PERIOD
"""
DIMENSIONS = ("FREQ", "REF_AREA", "INDICATOR", "SUBGROUP", "TIME_PERIOD")


def write_sdmx(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write the curated values as SDMX-CSV 2.0, UTF-8 without a mark."""
    con.execute(f"copy ({OBSERVATIONS}) to {quoted(str(path))} (format csv, header true, delimiter ',')")
