"""Properties by name, and properties of a user's own: functions of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from hasim.errors import HasimError, nearest
from hasim.monitors import LIVENESS, PROPERTIES, Violation
from hasim.run.run import Run

__all__ = ["Judge", "PropertyLike", "judged", "name_of", "names_of"]

#: A property of a user's own. It takes a run and returns None (or True, or nothing to iterate over)
#: where it holds; else a sentence, a violation, several of them, or False.
Judge = Callable[[Run], Violation | str | bool | Iterable[Violation | str] | None]
PropertyLike = str | Judge


def name_of(one: str | Callable[..., object]) -> str:
    """Return the name of a property; of a function its own, with hyphens."""
    if isinstance(one, str):
        return one
    return getattr(one, "__name__", type(one).__name__).strip("_").replace("_", "-")


def names_of(properties: Iterable[object]) -> tuple[str, ...]:
    """Return the names of properties, each once.

    Raises
    ------
    HasimError
        For a name that no property has, with the nearest that one has; for what is neither a name
        nor a function.
    """
    known = (*PROPERTIES, *LIVENESS)
    out = []
    for one in properties:
        if isinstance(one, str) and one not in known:
            listed = f"; there are {', '.join(known)}"
            raise HasimError(f"no property {one!r}{nearest(one, known) or listed}")
        if not isinstance(one, str) and not callable(one):
            raise HasimError(f"{one!r} is neither the name of a property nor a function of a run")
        out.append(one if isinstance(one, str) else name_of(one))
    return tuple(dict.fromkeys(out))


def judged(run: Run, properties: Sequence[PropertyLike]) -> tuple[Violation, ...]:
    """Return the violations of some properties in a run, in order of time.

    Raises
    ------
    HasimError
        As :func:`names_of`; and for a function that returns something else than it may.
    """
    wanted = names_of(properties)
    found = [v for v in run.violations if v.property in wanted]
    for one in properties:
        if not isinstance(one, str):
            found += _said(one, run)
    return tuple(sorted(found, key=lambda v: (v.at, v.property, v.evidence)))


def _said(judge: Judge, run: Run) -> list[Violation]:
    name, said = name_of(judge), judge(run)
    if said is None or said is True:
        return []
    if said is False:
        doc = (judge.__doc__ or "").strip().split("\n")[0]
        return [Violation(run.end, name, doc or f"{name} does not hold.", ())]
    several: object = [said] if isinstance(said, str | Violation) else said
    if not isinstance(several, Iterable):
        what = "None, a bool, a sentence, or violations"
        raise HasimError(f"the property {name} returned {said!r}; {what} are expected")
    out = []
    for one in several:
        if not isinstance(one, str | Violation):
            raise HasimError(f"the property {name} returned {one!r}, no sentence or violation")
        if one:
            out.append(Violation(run.end, name, one, ()) if isinstance(one, str) else one)
    return out
