"""The verbs of executable UI tests, and the check that a step is well written.

A test starts in a clean tab on the page at ``/``. It passes when every step does what it says. Words in
``target`` and ``value`` are alternatives separated by ``|``; case, plurals, spacing and common synonyms do not
matter; ``*`` stands for any control. ``role`` narrows a target to one kind of control: ``button`` (also links,
tabs and menu items), ``field``, ``select``, ``checkbox``. ``webgen_gym.judges.ui_match`` decides which control
is meant.

What is done:

========== ==================================== =====================================================================
verb       fields                               what it does
========== ==================================== =====================================================================
open       [value: path]                        loads a page of the site anew, ``/`` by default; storage is kept
go         target                               follows the link, tab or button of that name, opening a folded menu
                                                for it; stays where it is where there is none
reach      target [role] [value: ways]          makes sure that such a control is on the page: presses controls named
                                                like one of the ways, then follows links and tabs, until it is
press      target [role] [value: beside]        presses a control; with ``value``, the one beside that text
try_press  target [role] [value: beside]        the same where there is one, else nothing
type       target, value                        replaces what is in a field
choose     value [target]                       chooses an option: in a select, or a radio, tab or button of that name
try_choose value [target]                       the same for selects and radios alone, where there is one that has it
complete                                        fills every empty field of the form in use with a fitting value
submit     [target]                             sends the form of the field last used: its button, else Enter
key        value                                presses one key where the focus is
wait       value: milliseconds                  lets the page's own clock run on
========== ==================================== =====================================================================

What must hold:

============= ================================= =====================================================================
verb          fields                            what must hold
============= ================================= =====================================================================
see           value                             one of the alternatives is visible on the page
see_not       value                             none of them is
see_number    value                             this number is visible, in any notation, rounded as it is written here
see_more      value                             it is visible more often than before the last action
see_fewer     value                             it is visible less often than before the last action
see_order     value: ``a > b > c``              these texts are visible, in this order
see_times     target: text, value: count        the text is visible so often: ``3``, ``>= 3`` or ``<= 3``
see_control   target [role] [value: count]      such a control is there, so often
see_no_control target [role]                    no such control is there
changed       [value: text or look]             the words, the address or the controls differ from before the last
                                                action; with ``text`` the words, with ``look`` anything that is seen
colour        target [value: colour]            ``background`` or ``component`` has this colour, else that of the task
============= ================================= =====================================================================

"The last action" is the last one that is not a follow-up (``submit``, ``complete``, ``try_press``,
``try_choose``, ``wait``), so that typing and sending are one. What a test typed counts as visible only where the
site shows it: not in the field that it was typed into, unless it is still there after ``open``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rapidfuzz import fuzz, process

from webgen_gym.tasks.colours import hex_of
from webgen_gym.types import Step

ROLES = ("button", "field", "select", "checkbox")
COUNT = re.compile(r"(>=|<=)?\s*(\d{1,4})")
COLOUR_TARGETS = ("background", "component")
LONGEST_WAIT_MS = 600_000
SPOKEN_AT_MOST = 4
FIELDS = ("target", "role", "value")


@dataclass(frozen=True, slots=True)
class Verb:
    """The fields that a verb needs, those that it may have, and whether it acts or only looks."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    acts: bool = True


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "open": Verb(may=("value",)),
        "go": Verb(needs=("target",)),
        "reach": Verb(needs=("target",), may=("role", "value")),
        "press": Verb(needs=("target",), may=("role", "value")),
        "try_press": Verb(needs=("target",), may=("role", "value")),
        "type": Verb(needs=("target", "value")),
        "choose": Verb(needs=("value",), may=("target",)),
        "try_choose": Verb(needs=("value",), may=("target",)),
        "complete": Verb(),
        "submit": Verb(may=("target",)),
        "key": Verb(needs=("value",)),
        "wait": Verb(needs=("value",)),
        "see": Verb(needs=("value",), acts=False),
        "see_not": Verb(needs=("value",), acts=False),
        "see_number": Verb(needs=("value",), acts=False),
        "see_more": Verb(needs=("value",), acts=False),
        "see_fewer": Verb(needs=("value",), acts=False),
        "see_order": Verb(needs=("value",), acts=False),
        "see_times": Verb(needs=("target", "value"), acts=False),
        "see_control": Verb(needs=("target",), may=("role", "value"), acts=False),
        "see_no_control": Verb(needs=("target",), may=("role",), acts=False),
        "changed": Verb(may=("value",), acts=False),
        "colour": Verb(needs=("target",), may=("value",), acts=False),
    }
)


def complaint(step: Step) -> str:
    """What is wrong with a step, as a clause that names the field; empty when nothing is."""
    verb = VERBS.get(step.verb)
    if verb is None:
        return f"verb: {step.verb!r} is not known{_nearest(step.verb)}"
    return _fields_complaint(step, verb) or _role_complaint(step) or _value_complaint(step)


def alternatives(text: str) -> tuple[str, ...]:
    """The alternatives of a target or value: ``"add|new item"`` → ``("add", "new item")``."""
    return tuple(part.strip() for part in text.split("|") if part.strip())


def spoken(text: str) -> str:
    """The alternatives as a sentence has them: ``'add', 'new item' or 'create'``, a few of them at most."""
    quoted = [f"'{name}'" for name in alternatives(text)[:SPOKEN_AT_MOST]]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), *quoted[-1:])))


def count_of(text: str) -> Callable[[int], bool]:
    """The test that a count such as ``3``, ``>= 3`` or ``<= 3`` stands for; at least one where it is empty."""
    match = COUNT.fullmatch(text.strip() or ">= 1")
    if match is None:
        raise ValueError(f"not a count: {text!r}")
    sign, number = match[1], int(match[2])
    if sign == ">=":
        return lambda found: found >= number
    return (lambda found: found <= number) if sign == "<=" else (lambda found: found == number)


def _nearest(verb: str) -> str:
    found = process.extractOne(verb, list(VERBS), scorer=fuzz.ratio, score_cutoff=60)
    return f"; did you mean {found[0]!r}?" if found else f"; verbs are {', '.join(VERBS)}"


def _fields_complaint(step: Step, verb: Verb) -> str:
    for name in FIELDS:
        given = bool(alternatives(getattr(step, name)))
        if name in verb.needs and not given:
            return f"{name}: {step.verb!r} needs one"
        if getattr(step, name) and name not in verb.needs + verb.may:
            return f"{name}: {step.verb!r} takes none, found {getattr(step, name)!r}"
    return ""


def _role_complaint(step: Step) -> str:
    if step.role and step.role not in ROLES:
        return f"role: expected one of {', '.join(ROLES)}, found {step.role!r}"
    return ""


def _value_complaint(step: Step) -> str:
    check = VALUE_CHECKS.get(step.verb)
    return check(step) if check else ""


def _wait_complaint(step: Step) -> str:
    if step.value.isascii() and step.value.isdigit() and 0 < int(step.value) <= LONGEST_WAIT_MS:
        return ""
    return f"value: expected milliseconds from 1 to {LONGEST_WAIT_MS}, found {step.value!r}"


def _count_complaint(step: Step) -> str:
    if not step.value or COUNT.fullmatch(step.value.strip()):
        return ""
    return f"value: expected a count such as '3', '>= 3' or '<= 3', found {step.value!r}"


def _number_complaint(step: Step) -> str:
    if re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", step.value):
        return ""
    return f"value: expected a number such as '44.25', found {step.value!r}"


def _order_complaint(step: Step) -> str:
    if len([part for part in step.value.split(">") if part.strip()]) >= 2:
        return ""
    return f"value: expected texts in order such as 'a > b', found {step.value!r}"


def _colour_complaint(step: Step) -> str:
    if step.target not in COLOUR_TARGETS:
        return f"target: expected one of {', '.join(COLOUR_TARGETS)}, found {step.target!r}"
    if step.value and hex_of(step.value) is None:
        return f"value: no table knows the colour {step.value!r}"
    return ""


def _changed_complaint(step: Step) -> str:
    if step.value in {"", "text", "look"}:
        return ""
    return f"value: expected 'text', 'look' or nothing, found {step.value!r}"


def _open_complaint(step: Step) -> str:
    return "" if step.value.startswith("/") or not step.value else f"value: expected a path, found {step.value!r}"


VALUE_CHECKS: Mapping[str, Callable[[Step], str]] = MappingProxyType(
    {
        "open": _open_complaint,
        "wait": _wait_complaint,
        "see_number": _number_complaint,
        "see_order": _order_complaint,
        "see_times": _count_complaint,
        "see_control": _count_complaint,
        "changed": _changed_complaint,
        "colour": _colour_complaint,
    }
)
