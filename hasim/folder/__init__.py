"""A folder of configuration: its texts, and what they say, with all problems at once."""

from hasim.folder.build import Parts, build
from hasim.folder.sources import FILES, FileText, Sources, read_sources

__all__ = ["FILES", "FileText", "Parts", "Sources", "build", "read_sources"]
