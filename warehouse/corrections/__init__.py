"""Corrections of known errors of the sources: the YAML files, and the code that reads and writes them (`entries`)."""

from warehouse.corrections.entries import Correction, CorrectionError, read_corrections, write_corrections

__all__ = ["Correction", "CorrectionError", "read_corrections", "write_corrections"]
