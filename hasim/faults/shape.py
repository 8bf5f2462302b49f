"""A fault at another instant, or for another time."""

from __future__ import annotations

from dataclasses import fields, replace

from hasim.faults.verbs import Fault
from hasim.units import Micros

__all__ = ["lasting", "moved"]


def moved(fault: Fault, at: Micros) -> Fault:
    """Return a fault at another instant, in microseconds."""
    return replace(fault, at=at)


def lasting(fault: Fault, duration: Micros | None) -> Fault:
    """Return a fault that lasts for another time; one that acts at an instant as it is."""
    if all(field.name != "duration" for field in fields(fault)):
        return fault
    return replace(fault, duration=duration)  # type: ignore[arg-type]
