"""Jobs that come at about the same time are done together, in one thread, so that no event loop waits for them."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

Work = Callable[[Sequence[Job]], Sequence[Result | Exception]]
"""Does alike jobs together: for each its result, or the error that it alone ends with. What it raises, all end with."""


class Batcher(Generic[Job, Result]):
    """Collects jobs for ``window_s`` after the first, then does those that are alike together, ``most`` at once.

    May be used from any thread and any event loop. The thread starts with the first job.
    """

    def __init__(
        self, work: Work[Job, Result], *, alike: Callable[[Job], Hashable], most: int, window_s: float
    ) -> None:
        self._work = work
        self._alike = alike
        self._most = most
        self._window_s = window_s
        self._jobs: queue.SimpleQueue[tuple[Job, Future[Result]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def submit(self, job: Job) -> Future[Result]:
        """Hand in a job. One whose future is cancelled before its turn is not done."""
        future: Future[Result] = Future()
        self._jobs.put((job, future))
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="local-model", daemon=True)
                self._thread.start()
        return future

    def close(self) -> None:
        """Do what was handed in, then end the thread. Safe to call twice; a later job starts another."""
        with self._lock:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._jobs.put(None)
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        goes_on = True
        while goes_on:
            jobs, goes_on = self._collect()
            for batch in self._batches(jobs):
                self._do([(job, future) for job, future in batch if future.set_running_or_notify_cancel()])

    def _collect(self) -> tuple[list[tuple[Job, Future[Result]]], bool]:
        """The jobs of one window, and whether there may be more."""
        found: list[tuple[Job, Future[Result]]] = []
        ends = None
        while ends is None or (left := ends - time.monotonic()) > 0:
            try:
                entry = self._jobs.get(timeout=None if ends is None else left)
            except queue.Empty:
                break
            if entry is None:
                return found, False
            found.append(entry)
            ends = ends or time.monotonic() + self._window_s
        return found, True

    def _batches(self, jobs: list[tuple[Job, Future[Result]]]) -> list[list[tuple[Job, Future[Result]]]]:
        groups: dict[Hashable, list[tuple[Job, Future[Result]]]] = {}
        for job, future in jobs:
            groups.setdefault(self._alike(job), []).append((job, future))
        return [group[at : at + self._most] for group in groups.values() for at in range(0, len(group), self._most)]

    def _do(self, batch: list[tuple[Job, Future[Result]]]) -> None:
        if not batch:
            return
        try:
            results: Sequence[Result | Exception] = self._work([job for job, _ in batch])
        except Exception as error:  # handed to whoever waits for it
            results = [error] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
