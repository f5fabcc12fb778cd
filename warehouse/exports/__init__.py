"""Exports: the marts for other programs: Parquet, CSV for spreadsheets, a data package, SDMX-CSV, a data dictionary."""

from warehouse.exports.bundle import Bundle, write_bundle

__all__ = ["Bundle", "write_bundle"]
