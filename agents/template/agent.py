"""The template agent: plans a site from the instruction, builds it, improves it from feedback, finishes.

It learns nothing and asks no model; it is the baseline that every model has to beat. What it says
depends on the instruction, the palette and the observation alone, so that a run which was cut off,
restored or led astray goes on from whatever files are there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from webgen_gym.agents.template.feedback import (
    asked_fixes,
    fixes_css,
    is_broken,
    made_fixes,
    missing_words,
    noted_words,
)
from webgen_gym.agents.template.plan import SitePlan
from webgen_gym.agents.template.planner import make_plan
from webgen_gym.agents.template.spec import Reach
from webgen_gym.agents.template.static_site import static_files
from webgen_gym.agents.template.styles import Theme, theme
from webgen_gym.agents.template.vite_site import vite_files
from webgen_gym.errors import UsageError
from webgen_gym.replies.repetition import is_repetitive
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Control, DeleteFile, Edit, Files, Observation, Palette, Task, WriteFile

_FORMS = ("static", "vite")
_FIXES = {"static": "css/fixes.css", "vite": "src/styles/fixes.css"}
_POOR = 2.0
_PATIENCE = 3


class Stage(IntEnum):
    """How complete a version is: a first draft, every feature, or every feature and a finished look."""

    DRAFT = 0
    FEATURES = 1
    POLISHED = 2


@dataclass(frozen=True, slots=True)
class _Version:
    """One version of the site, before it is written down."""

    stage: Stage
    fixes: tuple[str, ...]
    words: tuple[str, ...]
    form: str


class TemplateAgent:
    """An Agent that fills a large template. Same task and observation, same reply.

    ``form`` is ``static`` (HTML, CSS, JavaScript) or ``vite`` (React). ``quality`` from 0 to 1 is how
    much of its skill it uses, for rollouts that differ in worth: below 0.9 sections are left out, below
    0.7 the finish, below 0.4 what lists can do, below 0.3 nearly all style, below 0.15 the scripts of the
    static form. ``turns`` is over how many turns it spreads the work. The seed is not used.
    """

    def __init__(self, form: str = "static", quality: float = 1.0, turns: int = 3) -> None:
        if form not in _FORMS:
            raise UsageError(f"The template agent has no form '{form}'; it is one of {', '.join(_FORMS)}.")
        if not 0.0 <= quality <= 1.0:
            raise UsageError(f"quality is {quality}; it must be from 0 to 1.")
        self._form = form
        self._quality = quality
        self._turns = max(1, turns)
        self._palette = Palette()

    @property
    def id(self) -> str:
        """``template/static`` with quality and pace where they are not the standard."""
        quality = "" if self._quality == 1.0 else f",quality={self._quality:g}"
        pace = "" if self._turns == 3 else f",turns={self._turns}"
        return f"template/{self._form}{quality}{pace}"

    def start(self, task: Task, seed: int) -> None:
        """Note the palette of the task; of the task nothing else is looked at, not even its tests."""
        del seed
        self._palette = task.palette

    def go_back(self, observation: Observation) -> None:
        """Nothing is remembered: the files and the feedback say all."""

    def act(self, observation: Observation) -> str:
        """The next version of the site as edits to the files that are there, and a control word when it is due."""
        plan = make_plan(observation.instruction)
        version = self._version(observation)
        wanted = self._files(plan, version)
        edits = _difference(observation.files, wanted, rewrite=_needs_rewriting(observation))
        control = self._control(observation, version.stage, bool(edits))
        reply = write_bolt(edits, title=plan.name, control=control, prose=_prose(observation, version, control))
        return _settled(observation) if observation.files and is_repetitive(reply) else reply

    def _version(self, observation: Observation) -> _Version:
        first = observation.turn == 0
        stage = self._stage(observation.turn)
        said = "" if first else _judged_part(observation.feedback, observation.instruction)
        form = self._current_form(observation)
        css = observation.files.get(_FIXES[form], b"").decode(errors="replace")
        fixes = tuple(dict.fromkeys((*made_fixes(css), *asked_fixes(said)))) if stage > Stage.DRAFT else ()
        words = tuple(dict.fromkeys((*noted_words(css), *missing_words(said))))
        return _Version(min(stage, self._best_stage), fixes, words if stage > Stage.DRAFT else (), form)

    def _stage(self, turn: int) -> Stage:
        """One draft, then everything; with five turns or more the finish comes a turn after the features."""
        if self._turns == 1:
            return Stage.POLISHED
        if self._turns < 5:
            return Stage.DRAFT if turn == 0 else Stage.POLISHED
        return Stage(min(turn, Stage.POLISHED))

    @property
    def _best_stage(self) -> Stage:
        if self._quality < 0.4:
            return Stage.DRAFT
        return Stage.FEATURES if self._quality < 0.7 else Stage.POLISHED

    def _current_form(self, observation: Observation) -> str:
        """Vite until its tool chain fails; a site that cannot be built is worth less than a plain one that can."""
        if self._form == "static" or observation.turn == 0:
            return self._form
        given_up = bool(observation.files) and "package.json" not in observation.files
        failed = observation.appearance <= 0 and is_broken(f"{observation.feedback}\n{observation.build_log}")
        return "static" if given_up or failed else "vite"

    def _control(self, observation: Observation, stage: Stage, edited: bool) -> Control | None:
        if observation.turn == 0 or stage < self._stage(self._turns) and stage < self._best_stage:
            return None
        tested = observation.functionality >= 0
        if tested and (not edited or observation.turn >= self._turns + _PATIENCE):
            return Control.FINISH
        return Control.VALIDATE

    def _files(self, plan: SitePlan, version: _Version) -> Mapping[str, bytes]:
        kept = plan.sections[: max(1, round(len(plan.sections) * min(1.0, self._quality / 0.9)))]
        full = version.stage > Stage.DRAFT
        reach = Reach(kept if full else tuple(one for one in kept if not one.extra), full)
        colours = self._theme(plan, "contrast" in version.fixes)
        make = static_files if version.form == "static" else vite_files
        written = make(
            replace(plan, asked=version.words),
            colours,
            reach,
            polished=version.stage is Stage.POLISHED,
            fixes=fixes_css(version.fixes, version.words),
        )
        return {path: text.encode() for path, text in _weakened(written, self._quality).items()}

    def _theme(self, plan: SitePlan, strong: bool) -> Theme:
        return theme(self._palette, serif=plan.topic.serif, strong=strong)


def _settled(observation: Observation) -> str:
    """No more edits: a page of many alike parts, written once more, would count as degenerate repetition."""
    control = Control.FINISH if observation.functionality >= 0 else Control.VALIDATE
    return write_bolt([], title="Done", control=control, prose="The site stays as it is.")


def _weakened(files: Mapping[str, str], quality: float) -> dict[str, str]:
    """The files without their style, and without their scripts, where the quality is that low."""
    kept = dict(files)
    if quality < 0.3:
        kept |= {path: "/* Not yet. */\n" for path in kept if path.endswith(".css") and "index" not in path}
    if quality < 0.15 and "package.json" not in kept:
        kept = {path: text for path, text in kept.items() if not path.endswith(".js")}
        kept["index.html"] = re.sub(r"  <script.*</script>\n", "", kept["index.html"])
    return kept


def _difference(have: Files, want: Mapping[str, bytes], *, rewrite: bool) -> list[Edit]:
    """The edits that turn one set of files into the other; all of them when everything is to be written anew."""
    stale = [path for path in have if path not in want and path != "package-lock.json"]
    changed = [path for path, content in want.items() if rewrite or have.get(path, b"").rstrip() != content.rstrip()]
    return [*(DeleteFile(path) for path in stale), *(WriteFile(path, want[path]) for path in changed)]


def _needs_rewriting(observation: Observation) -> bool:
    """A page that was shown and is far from good, though the files are ours: write every file once more."""
    return 0 <= observation.appearance < _POOR and observation.turn == 1


def _judged_part(feedback: str, instruction: str) -> str:
    """The feedback without the instruction that it repeats: that asks for things, it does not complain."""
    return feedback.replace(instruction.strip(), "")


def _prose(observation: Observation, version: _Version, control: Control | None) -> str:
    if observation.turn == 0:
        return "I start with the structure of the site: every main section, its lists and forms, and a plain style."
    if control is Control.FINISH:
        return "The site does what was asked for."
    if version.fixes:
        return f"I act on the feedback ({', '.join(version.fixes)}) and complete what is missing."
    return "Now the remaining sections, everything that lists can do, and the finish."
