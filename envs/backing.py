"""What the sessions of one environment stand on: the shared loop and browser, the snapshots, the run folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from webgen_gym.engine import Engine
from webgen_gym.envs.plan import Plan
from webgen_gym.envs.runtime import Runtime, shared_runtime
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.store import Store
from webgen_gym.types import Turn


class Recorder(Protocol):
    """Where turns are recorded: a run folder, or what gathers them for one elsewhere."""

    def append(self, turn: Turn, rollout: str, driven: Sequence[bytes] = ()) -> None:
        """Record one turn; see ``RunFolder.append``."""
        ...


class Backing:
    """Making one starts the loop's thread where there is none yet; the browser starts when a session needs it.

    ``records`` is None where nothing is recorded; snapshots then lie in a temporary folder.

    Raises:
        BadRun: the run folder was made with another configuration, or is something else.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.records: Recorder | None = None
        self._temporary: Path | None = None
        self.store = Store.at(self._folder())
        self.runtime: Runtime = shared_runtime()
        self.engine: Engine = self.runtime.engine(
            plan.limits, plan.browser, concurrency=plan.concurrency, keeps_looks=plan.cache
        )

    def close(self) -> None:
        """Leave the shared browser, close the judges' models, remove what was temporary."""
        for model in self.plan.models:
            self.runtime.run(model.close())
        self.runtime.leave()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _folder(self) -> Path:
        if self.plan.run_dir is not None:
            self.records = RunFolder.open(self.plan.run_dir, self.plan.config(), self.plan.made_with)
            return self.plan.run_dir
        self._temporary = Path(tempfile.mkdtemp(prefix="webgen-gym-"))
        return self._temporary
