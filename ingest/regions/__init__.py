"""Regions: which place a name means, in which year, under which GB/T 2260 code.

Belongs here: the names that other rooms use. Not here: anything that computes.
"""

from ingest.regions.names import names_under, places_in, short_names_under
from ingest.regions.resolve import RegionContext, RegionMatch, resolve_region
from ingest.regions.table import Region, ancestors, descendants, region
from ingest.regions.towns import resolve_from_towns

__all__ = [
    "Region",
    "RegionContext",
    "RegionMatch",
    "ancestors",
    "descendants",
    "names_under",
    "places_in",
    "region",
    "resolve_from_towns",
    "resolve_region",
    "short_names_under",
]
