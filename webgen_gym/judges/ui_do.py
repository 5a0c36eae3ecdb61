"""What the acting verbs of ``webgen_gym.tasks.steps`` do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from webgen_gym.judges import ui_forms
from webgen_gym.judges.ui_match import ANY, PREFERRED_ROLES, Match, is_pressable, is_select, listing, matches
from webgen_gym.judges.ui_scene import Scene, Unmet
from webgen_gym.judges.ui_words import flat, says, words
from webgen_gym.tasks.steps import alternatives, spoken
from webgen_gym.types import Step, Widget

MENU = "menu|navigation|open menu|toggle menu|toggle navigation"
WAYS_AT_MOST = 3
PLACES_AT_MOST = 8
DOING = frozenset(
    {"add", "delete", "edit", "save", "cancel", "clear", "reset", "send", "submit", "buy", "order", "pay"}
)
FAILED_STATUS = 400


async def open_page(scene: Scene, step: Step) -> None:
    """Load a page anew; what is in its fields then is what the site remembers."""
    path = step.value or "/"
    status = await scene.tab.open(path)
    if status == 0 or status >= FAILED_STATUS:
        raise Unmet(f"the page at {path} answered {status or 'nothing'}")
    scene.typed.clear()
    scene.used = None


async def go(scene: Scene, step: Step) -> None:
    """Follow the navigation where it names the place; a site of one page has nowhere to go."""
    found = await _navigation(scene, step.target) or await _in_menu(scene, step.target)
    if found:
        await scene.press(found)


async def reach(scene: Scene, step: Step) -> None:
    """Go where such a control is: through what is named like the way, then through links and tabs."""
    role = step.role
    if await scene.find(step.target, role):
        return
    tried: set[str] = set()
    if await _through(scene, step, lambda widgets: _ways(widgets, step.value), tried, WAYS_AT_MOST):
        return
    await _in_menu(scene, step.target)
    if await _through(scene, step, _places, tried, PLACES_AT_MOST):
        return
    there = listing(await scene.tab.widgets(), role)
    pressed = f" (also looked behind {', '.join(sorted(tried))})" if tried else ""
    raise Unmet(f"no control named like {spoken(step.target)} among: {there}{pressed}")


async def press(scene: Scene, step: Step) -> None:
    """Press a control."""
    await scene.press(await scene.wanted(step.target, step.role or "press", step.value))


async def try_press(scene: Scene, step: Step) -> None:
    """Press a control if there is one that can be pressed."""
    found = await scene.find(step.target, step.role or "press", step.value)
    usable = tuple(match for match in found if not match.widget.disabled)
    if usable:
        try:
            await scene.press(usable)
        except Unmet:
            return


async def type_text(scene: Scene, step: Step) -> None:
    """Replace what is in a field."""
    found = await scene.wanted(step.target, "field")
    await scene.enter(found[0].widget, step.value)


async def choose(scene: Scene, step: Step) -> None:
    """Choose an option: of a select, or a control of that name, which a press on the target may unfold."""
    if await _choose_in_select(scene, step):
        return
    found = await scene.find(step.value, "press")
    if not found and step.target:
        await scene.press(await scene.wanted(step.target, "press"))
        found = await scene.find(step.value, "press")
    if not found:
        raise Unmet(f"no option like {spoken(step.value)} among: {_options(await scene.tab.widgets())}")
    await scene.press(found)


async def try_choose(scene: Scene, step: Step) -> None:
    """Choose an option of a select or a radio button, if there is one that has it."""
    if await _choose_in_select(scene, step):
        return
    boxes = await scene.find(step.value, "checkbox")
    if boxes and not boxes[0].widget.checked:
        await scene.press(boxes)


async def complete(scene: Scene, step: Step) -> None:
    """Fill the rest of the form."""
    del step
    await ui_forms.complete(scene)


async def submit(scene: Scene, step: Step) -> None:
    """Send the form."""
    await ui_forms.submit(scene, step.target)


async def key(scene: Scene, step: Step) -> None:
    """Press a key where the focus is."""
    await scene.tab.key(step.value)


async def wait(scene: Scene, step: Step) -> None:
    """Let the page's clock run on."""
    await scene.tab.wait(int(step.value))


async def _in_menu(scene: Scene, target: str) -> tuple[Match, ...]:
    """What is found after unfolding a menu that hides the navigation; the menu stays open."""
    menus = [match for match in matches(await scene.tab.widgets(), MENU, "button") if match.rank == 0]
    if not menus:
        return ()
    try:
        await scene.press(tuple(menus))
    except Unmet:
        return ()
    return await _navigation(scene, target)


async def _navigation(scene: Scene, target: str) -> tuple[Match, ...]:
    """Controls that are named like a place, not like doing something there: "Clients", not "Add client"."""
    found = await scene.find(target, "go")
    return tuple(match for match in found if match.rank <= 1 and not DOING & set(words(match.widget.name)))


async def _through(
    scene: Scene,
    step: Step,
    candidates: Callable[[tuple[Widget, ...]], list[Widget]],
    tried: set[str],
    at_most: int,
) -> bool:
    """Press one candidate after another until the wanted control is there."""
    for _ in range(at_most):
        fresh = [widget for widget in candidates(await scene.tab.widgets()) if widget.name not in tried]
        if not fresh:
            return False
        tried.add(fresh[0].name)
        try:
            await scene.press((Match(fresh[0], 0),))
        except Unmet:
            continue
        if await scene.find(step.target, step.role):
            return True
    return False


def _ways(widgets: tuple[Widget, ...], way: str) -> list[Widget]:
    return [match.widget for match in matches(widgets, way, "press") if not match.widget.disabled]


def _places(widgets: tuple[Widget, ...]) -> list[Widget]:
    """Links and tabs that stay on the site, then buttons that do not sound as if they did something for good."""
    named = [widget for widget in widgets if widget.name and is_pressable(widget) and not widget.disabled]
    safe = [widget for widget in named if not DOING & set(words(widget.name)) and ":" not in widget.href.split("/")[0]]
    return sorted(safe, key=lambda widget: widget.role not in PREFERRED_ROLES["go"])


async def _choose_in_select(scene: Scene, step: Step) -> bool:
    named = [match.widget for match in await scene.find(step.target or ANY, "select")]
    others = [widget for widget in await scene.tab.widgets() if is_select(widget) and widget not in named]
    for widget in named + sorted(others, key=lambda widget: not _same_form(widget, scene.used)):
        option = _option(widget.options, step.value)
        if option is not None and not widget.disabled:
            await scene.tab.choose(widget, option)
            scene.used = widget
            return True
    return False


def _same_form(widget: Widget, used: Widget | None) -> bool:
    return used is not None and used.form >= 0 and widget.form == used.form


def _option(options: tuple[str, ...], value: str) -> str | None:
    """The option that is the wanted text, else the first that holds it."""
    names = alternatives(value)
    exact = [option for option in options if flat(option) in map(flat, names)]
    return next(iter(exact + [option for option in options if any(says(option, name) for name in names)]), None)


def _options(widgets: tuple[Widget, ...]) -> str:
    options = [option for widget in widgets if is_select(widget) for option in widget.options]
    return ", ".join(f"'{option}'" for option in options[:12]) or listing(widgets, "press")


ACTIONS: Mapping[str, Callable[[Scene, Step], Awaitable[None]]] = MappingProxyType(
    {
        "open": open_page,
        "go": go,
        "reach": reach,
        "press": press,
        "try_press": try_press,
        "type": type_text,
        "choose": choose,
        "try_choose": try_choose,
        "complete": complete,
        "submit": submit,
        "key": key,
        "wait": wait,
    }
)
