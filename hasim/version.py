"""The version of the package, kept equal to that of the project file by a test."""

from __future__ import annotations

__all__ = ["VERSION"]

VERSION = "0.1.0"
