"""The judge of the paper: one call that describes a screenshot, one that grades it (arXiv 2509.22644)."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from statistics import median
from typing import Any

from webgen_gym.browser.base import Visits
from webgen_gym.errors import ModelFailed
from webgen_gym.judges.identity import judge_id
from webgen_gym.judges.vlm import prompts
from webgen_gym.judges.vlm.asking import ask, together
from webgen_gym.judges.vlm.options import Options
from webgen_gym.judges.vlm.verdicts import kept, over_windows, rounded, unlike, worthless
from webgen_gym.judges.vlm.windows import Window, windows
from webgen_gym.llm import ImagePart, JsonSchema, Message, Model
from webgen_gym.types import Evidence, Look, Score, Task, Unscored, Verdict

_PROMPTS = (prompts.DESCRIBE, prompts.DESCRIPTION, prompts.GRADE, prompts.GRADING, prompts.asked_for(""))


class Paper:
    """Appearance by a vision-language model that is shown the screenshot and believes what it sees.

    It differs from the original where that has faults: a page without anything to grade is 0 without asking, answers
    are read strictly, and a model that gives none leaves the turn unscored. It has no defence against text on the page
    that talks to it; ``Guarded`` has. A window's grade is the median of its votes, the value the mean of the windows.
    """

    def __init__(self, model: Model, options: Options = Options()) -> None:  # noqa: B008
        self._model = model
        self._options = options
        self._id = judge_id("paper", 1, model.id, options, *_PROMPTS)

    @property
    def id(self) -> str:
        """``paper/1:MODEL:HASH``; the hash covers prompts and options."""
        return self._id

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        """Judge the windows of the options. Raises ModelRefused where no call will be answered."""
        shown = await windows(look, visits, self._options)
        try:
            return over_windows(shown, await together(self._window(task, window) for window in shown))
        except ModelFailed as failure:
            return Unscored(failure.reason.value, failure.message)

    async def _window(self, task: Task, window: Window) -> Score:
        if (nothing := worthless(window.look)) is not None:
            return nothing
        picture = ImagePart(window.look.screenshot)
        questions = [self._ask(prompts.DESCRIBE, picture, prompts.DESCRIPTION)]
        questions += [self._ask(self._grading(task), picture, prompts.GRADING) for _ in range(self._options.votes)]
        described, *graded = await together(questions)
        error = kept(described["error_message"])
        remarks = [f"{vote['grade']} of {prompts.HIGHEST}: {kept(vote['analysis'])}" for vote in graded]
        return Score(
            value=rounded(median(vote["grade"] for vote in graded)),
            evidence=(
                *(Evidence("appearance", remark) for remark in remarks),
                *([Evidence("rendering", f"The page shows an error: {error}")] if error else []),
            ),
            suggestions=unlike(described["suggestions"]),
            summary="\n".join(
                filter(None, (error and f"The page shows an error: {error}", kept(described["screenshot_description"])))
            ),
        )

    def _grading(self, task: Task) -> str:
        if not self._options.instruction:
            return prompts.GRADE
        return f"{prompts.GRADE}\n\n{prompts.asked_for(task.instruction)}"

    def _ask(self, prompt: str, picture: ImagePart, schema: JsonSchema) -> Coroutine[Any, Any, Mapping[str, Any]]:
        return ask(self._model, (Message.user(prompt, picture),), schema, self._options)
