"""Corrections of known errors of the sources: the YAML files, and the code that reads and writes them (`entries`),
and that tells which of them no longer hold (`unmet`).
"""

from warehouse.corrections.entries import Correction, CorrectionError, read_corrections, write_corrections
from warehouse.corrections.unmet import unmet_corrections

__all__ = ["Correction", "CorrectionError", "read_corrections", "unmet_corrections", "write_corrections"]
