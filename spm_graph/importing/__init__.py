"""Load a CRM's export: a mapping says what its files mean, rows are checked one by one, and only what differs is written."""

from .files import ExportUnreadable
from .load import load, load_records
from .mapping import Mapping, MappingError
from .report import BadCell, Count, Report
from .rows import Batch

__all__ = ["BadCell", "Batch", "Count", "ExportUnreadable", "Mapping", "MappingError", "Report", "load", "load_records"]
