"""The command line: a thin shell over the library."""

from hasim.cli.entry import main

__all__ = ["main"]
