"""The seam between who plays and what is played."""

from __future__ import annotations

from typing import Protocol

from webgen_gym.types import Observation, Task


class Agent(Protocol):
    """Writes replies. What it says depends on the task, the seed and the observation alone.

    So a run that was cut off resumes from its last observation, and one agent may be asked about a
    restored or branched state. An agent that learns or samples keeps its randomness in ``seed``.
    """

    @property
    def id(self) -> str:
        """Name and settings, ``template/static``: two runs of the same id are comparable."""
        ...

    def start(self, task: Task, seed: int) -> None:
        """Begin a site. Called once for each rollout, before the first ``act``."""
        ...

    def act(self, observation: Observation) -> str:
        """The next reply, as text in a dialect that ``webgen_gym.replies`` reads.

        Raises an InfraFault where there is none to be had, which makes the rollout void.
        """
        ...

    def go_back(self, observation: Observation) -> None:
        """The site was set back to an earlier state, which is shown again: forget what came after it."""
        ...
