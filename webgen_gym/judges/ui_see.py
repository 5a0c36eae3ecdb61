"""What the looking verbs of ``webgen_gym.tasks.steps`` ask for.

Each check gives the empty string when it holds, else a clause that says what is there instead. A check that
does not hold is made again a little later on the page's clock.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from webgen_gym.judges import ui_colour
from webgen_gym.judges.ui_match import listing, matches
from webgen_gym.judges.ui_scene import PATIENCE_MS, Scene, Unmet
from webgen_gym.judges.ui_words import flat, holds_number, in_order, says, times
from webgen_gym.tasks.colours import hex_of
from webgen_gym.tasks.steps import alternatives, count_of, spoken
from webgen_gym.types import Step

CERTAIN_RANK = 2


async def check(scene: Scene, step: Step) -> None:
    """Raise Unmet unless the step holds, now or after a while."""
    verb = CHECKS[step.verb]
    if not await verb(scene, step):
        return
    await scene.tab.wait(PATIENCE_MS)
    problem = await verb(scene, step)
    if problem:
        raise Unmet(problem)


async def see(scene: Scene, step: Step) -> str:
    """One of the alternatives is visible."""
    text = await scene.text()
    if any(says(text, wanted) for wanted in alternatives(step.value)):
        return ""
    return f"{spoken(step.value)} is not on the page, which reads {await scene.excerpt()}"


async def see_not(scene: Scene, step: Step) -> str:
    """None of the alternatives is visible."""
    text = await scene.text()
    found = [wanted for wanted in alternatives(step.value) if says(text, wanted)]
    return f"'{found[0]}' is still on the page" if found else ""


async def see_number(scene: Scene, step: Step) -> str:
    """A number is visible."""
    if holds_number(await scene.text(), step.value):
        return ""
    return f"the number {step.value} is not on the page, which reads {await scene.excerpt()}"


async def see_more(scene: Scene, step: Step) -> str:
    """A text is visible more often than before the last action."""
    before, now = await _counts(scene, step)
    return "" if now > before else f"{spoken(step.value)} is there {now} times, and was {before} times before"


async def see_fewer(scene: Scene, step: Step) -> str:
    """A text is visible less often than before the last action."""
    before, now = await _counts(scene, step)
    return "" if now < before else f"{spoken(step.value)} is there {now} times, and was {before} times before"


async def see_order(scene: Scene, step: Step) -> str:
    """Texts are visible in an order."""
    texts = [part.strip() for part in step.value.split(">")]
    text = await scene.text()
    missing = [part for part in texts if not says(text, part)]
    if missing:
        return f"'{missing[0]}' is not on the page, which reads {await scene.excerpt()}"
    return "" if in_order(text, texts) else f"the order is not {', '.join(texts)}"


async def see_times(scene: Scene, step: Step) -> str:
    """A text is visible so often."""
    text = await scene.text()
    found = sum(times(text, wanted) for wanted in alternatives(step.target))
    return "" if count_of(step.value)(found) else f"{spoken(step.target)} is there {found} times, not {step.value}"


async def see_control(scene: Scene, step: Step) -> str:
    """A control is there, so often."""
    found = [match for match in await scene.find(step.target, step.role) if match.rank <= CERTAIN_RANK]
    widgets = await scene.tab.widgets()
    if count_of(step.value)(len(found)):
        return ""
    if not found:
        return f"no control named like {spoken(step.target)} among: {listing(widgets, step.role)}"
    return f"{len(found)} controls are named like {spoken(step.target)}, not {step.value}"


async def see_no_control(scene: Scene, step: Step) -> str:
    """No such control is there."""
    found = matches(await scene.tab.widgets(), step.target, step.role)
    return f"there is still {listing([found[0].widget])}" if found else ""


async def changed(scene: Scene, step: Step) -> str:
    """The page differs from what it was before the last action."""
    before, now = scene.before, await scene.moment()
    if before is None:
        return "nothing was done that could have changed the page"
    if step.value == "text":
        return "" if flat(before.text) != flat(now.text) else "the words on the page are the same as before"
    if step.value == "look":
        return "" if before.picture != now.picture else "the page looks the same as before"
    same = (flat(before.text), before.path, before.controls) == (flat(now.text), now.path, now.controls)
    return "the page is the same as before" if same else ""


async def colour(scene: Scene, step: Step) -> str:
    """The background or a component has a colour."""
    of_task = scene.palette.background if step.target == "background" else scene.palette.component
    wanted = hex_of(step.value) if step.value else of_task
    if wanted is None:
        return "the task names no colour that is known"
    look = await scene.tab.look()
    if step.target == "background":
        far = ui_colour.background_distance(look, wanted) > ui_colour.BACKGROUND_TOLERANCE
        return f"the background is {_hex(look.measurements.body_background)}, not {wanted}" if far else ""
    far = ui_colour.component_distance(look, wanted) > ui_colour.COMPONENT_TOLERANCE
    return f"no button, bar or card has the colour {wanted}" if far else ""


async def _counts(scene: Scene, step: Step) -> tuple[int, int]:
    names = alternatives(step.value)
    before = scene.before.text if scene.before else ""
    now = await scene.text()
    return sum(times(before, name) for name in names), sum(times(now, name) for name in names)


def _hex(channels: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in channels)


CHECKS: Mapping[str, Callable[[Scene, Step], Awaitable[str]]] = MappingProxyType(
    {
        "see": see,
        "see_not": see_not,
        "see_number": see_number,
        "see_more": see_more,
        "see_fewer": see_fewer,
        "see_order": see_order,
        "see_times": see_times,
        "see_control": see_control,
        "see_no_control": see_no_control,
        "changed": changed,
        "colour": colour,
    }
)
