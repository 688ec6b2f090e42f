"""Import of CSV, XLSX and JSON: reads a file row by row, takes the good rows, names the bad ones with their cells."""

from services.registry.imports.kinds import KINDS, ORDER
from services.registry.imports.report import Finding, Report
from services.registry.imports.run import Import, Known, Send

__all__ = ["KINDS", "ORDER", "Finding", "Import", "Known", "Report", "Send"]
