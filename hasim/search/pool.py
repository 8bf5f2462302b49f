"""Pieces of work on several processors, with the same results whatever their number."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from hasim.errors import HasimError

__all__ = ["processors", "worked"]

_Task = TypeVar("_Task")
_Piece = TypeVar("_Piece")
_Result = TypeVar("_Result")


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def worked(
    begin: Callable[[_Task], None],
    task: _Task,
    work: Callable[[_Piece], _Result],
    pieces: Iterable[_Piece],
    jobs: int,
    enough: Callable[[], bool] = lambda: False,
    executor: Executor | None = None,
) -> Iterator[_Result]:
    """Yield the result of each piece of the work, with several processes in order of completion.

    Pieces are begun in their order until there are no more or it is enough; what was begun is
    ended. So the pieces that were done are always the first ones.

    Parameters
    ----------
    begin : callable
        Called once in each process with the task: what all pieces need.
    work : callable
        Does one piece; with several processes a function of a module.
    jobs : int
        Processes at work; with 1 it is this one.
    enough : callable
        Asked between pieces.
    executor : concurrent.futures.Executor, optional
        Who works instead of processes begun here; `begin` is then not called, and `jobs` only says
        how many pieces are handed over ahead: twice as many.
    """
    if executor is not None:
        yield from _parallel(executor, work, iter(pieces), jobs, enough)
        return
    if jobs == 1:
        begin(task)
        for piece in pieces:
            if enough():
                return
            yield work(piece)
        return
    context = get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, initializer=_begin, initargs=(begin, task))
    try:
        yield from _parallel(pool, work, iter(pieces), jobs, enough)
    except BrokenProcessPool:
        text = "a process at work has ended before its time"
        remedy = "in a script, start under 'if __name__ == \"__main__\":', or work with jobs=1"
        raise HasimError(f"{text}; {remedy}") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(begin: Callable[[_Task], None], task: _Task) -> None:
    """Begin in a process of the pool; an interrupt from the terminal is for the one that waits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin(task)


def _parallel(
    pool: Executor,
    work: Callable[[_Piece], _Result],
    pieces: Iterator[_Piece],
    jobs: int,
    enough: Callable[[], bool],
) -> Iterator[_Result]:
    waiting: set[Future[_Result]] = set()
    more = True
    try:
        while more or waiting:
            while more and len(waiting) < 2 * jobs:
                if enough():
                    more = False
                    break
                for piece in pieces:
                    waiting.add(pool.submit(work, piece))
                    break
                else:
                    more = False
            if waiting:
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    yield future.result()
    finally:
        for future in waiting:
            future.cancel()
