"""The frozen values that pass between the rows. Nothing here does anything.

Reading order: what a model says (edits, Reply), what is asked (Task, UITest), what the site did
(Build, Look), what it is worth (Score, Unscored, Reward), what one turn was (Observation, Turn).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

# ------------------------------------------------------------------ replies


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Create or replace a file. ``content`` is UTF-8 text as bytes."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Hunk:
    """Replace one occurrence of ``search`` by ``replace``. An empty search appends to, or creates, the file."""

    search: str
    replace: str


@dataclass(frozen=True, slots=True)
class PatchFile:
    """Change parts of a file; hunks are applied in order, all or none."""

    path: str
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class DeleteFile:
    """Remove a file, or a folder with all that it holds."""

    path: str


@dataclass(frozen=True, slots=True)
class RenameFile:
    """Move a file to a new path, replacing what is there."""

    path: str
    new_path: str


Edit = WriteFile | PatchFile | DeleteFile | RenameFile


class Control(StrEnum):
    """A control word; read only from its own tag or field, never from a file's content."""

    VALIDATE = "screenshot_validated"
    FINISH = "finish"
    BACKTRACK = "backtrack"


class Dialect(StrEnum):
    """How a reply was written."""

    BOLT = "bolt"
    SEARCH_REPLACE = "search_replace"
    UNIFIED_DIFF = "unified_diff"
    TOOL_CALLS = "tool_calls"
    NONE = "none"


class FaultCode(StrEnum):
    """What is malformed about a reply."""

    EMPTY = "empty"
    NO_ACTION = "no_action"
    CUT_OFF = "cut_off"
    REPETITION = "repetition"
    TOO_LARGE = "too_large"
    BAD_TAG = "bad_tag"
    BAD_PATCH = "bad_patch"
    BAD_TOOL_CALL = "bad_tool_call"
    TWO_CONTROLS = "two_controls"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a reply, as a sentence that its writer can act on."""

    code: FaultCode
    message: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model's text amounts to.

    With any fault the reply is malformed and nothing of it is applied. ``notes`` are harmless
    remarks (an ignored shell action, decoded entities) that the model is told about.
    """

    edits: tuple[Edit, ...] = ()
    control: Control | None = None
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    dialect: Dialect = Dialect.NONE

    @property
    def malformed(self) -> bool:
        """True when the reply has a fault."""
        return bool(self.faults)


# ------------------------------------------------------------------ tasks


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that an instruction asks for, as ``#rrggbb``; None where it names none that is known.

    ``*_name`` keeps the words of the instruction, also for colours that no table knows.
    """

    background: str | None = None
    component: str | None = None
    background_name: str = ""
    component_name: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an executable UI test: a verb, whom it concerns, and a value.

    The verbs and the fields that each takes are listed in ``webgen_gym/tasks/steps.py``.
    """

    verb: str
    target: str = ""
    role: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class UITest:
    """One thing that a user should be able to do. ``steps`` is empty where the test is prose only.

    ``name`` is a short word for it that is unique in its task, empty where it has none.
    """

    task: str
    expected: str
    category: str = ""
    subcategories: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A website to build."""

    id: str
    instruction: str
    category: str = ""
    subcategories: tuple[str, ...] = ()
    application_type: str = ""
    ui_tests: tuple[UITest, ...] = ()
    palette: Palette = field(default_factory=Palette)


# ------------------------------------------------------------------ the site


class Stage(StrEnum):
    """How far bringing a site up has come; a failed build names the stage that failed."""

    INSTALL = "install"
    BUILD = "build"
    START = "start"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Build:
    """What bringing the site up came to.

    ``stage`` is UP on success, else the stage that failed. ``message`` is one sentence for the
    model. ``log`` is the output of the commands that ran, shortened, without control characters,
    times, ports or paths of this machine. ``kind`` is ``static``, ``vite``, ``next``, ``cra`` or ``node``.
    """

    ok: bool
    stage: Stage
    kind: str
    message: str
    log: str = ""


@dataclass(frozen=True, slots=True)
class Rect:
    """A box in CSS pixels, from the top left of the page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Width times height."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """One distinct console message and how often it came. ``level``: error, warning, info, log, debug."""

    level: str
    text: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Request:
    """One request that did not simply succeed, or the document itself.

    ``status`` is 0 where no answer came; ``blocked`` where the gateway refused the host.
    """

    url: str
    method: str
    status: int
    blocked: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One visible element as the measurement pass saw it.

    ``role`` is the ARIA role, given or implied. Colours are ``(r, g, b, a)`` with a in 0–1;
    ``background`` is the element's own, ``behind`` the opaque colour that one sees behind its text, as
    far as plain colours tell (``background_image`` says that a picture or gradient is painted over).
    ``text`` is its own text, not that of its children. ``parent`` is the index of its parent in the
    list, -1 at the top. ``styled`` is false for a control that looks as browsers draw it by default;
    ``label`` is a control's accessible name.
    """

    tag: str
    role: str
    text: str
    rect: Rect
    parent: int
    font_px: float
    font_weight: int
    font_family: str
    color: tuple[int, int, int, float]
    background: tuple[int, int, int, float]
    background_image: bool
    behind: tuple[int, int, int]
    interactive: bool
    styled: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class Contrast:
    """A kind of text that is too faint: the contrast ratio that it has and the one that WCAG 2.2 AA asks for (1.4.3).

    ``count`` is how many texts of the page have these colours and this size class; ``text`` is the first.
    """

    text: str
    ratio: float
    required: float
    foreground: str
    background: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Image:
    """One image on the page. ``loaded`` is false when the browser could not show it."""

    source: str
    alt: str
    loaded: bool
    rect: Rect


@dataclass(frozen=True, slots=True)
class Measurements:
    """One bounded pass over the DOM, taken in a world that the page's own scripts cannot reach."""

    elements: tuple[Element, ...]
    elements_total: int
    images: tuple[Image, ...]
    contrast: tuple[Contrast, ...]
    contrast_checked: int
    page_width: int
    page_height: int
    body_background: tuple[int, int, int]
    stylesheets: int
    css_rules: int
    links: tuple[tuple[str, str], ...]
    text: str


SERVER_ERROR = 500
"""The first HTTP status by which a server says that it has failed."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the browser saw of a site at one moment.

    ``screenshot`` is a PNG of the viewport. ``status`` is the document's HTTP status, 0 when none
    came. ``problem`` is empty, or a sentence when the page could not be shown (time-out, crash,
    another site). ``accessibility`` is an outline of roles and names.
    """

    screenshot: bytes
    width: int
    height: int
    url: str
    status: int
    title: str
    console: tuple[ConsoleLine, ...]
    page_errors: tuple[str, ...]
    requests: tuple[Request, ...]
    accessibility: str
    measurements: Measurements
    settled: bool = True
    problem: str = ""

    @property
    def server_failed(self) -> bool:
        """Whether the site's server answered a request with an error of its own."""
        return any(request.status >= SERVER_ERROR for request in self.requests)


@dataclass(frozen=True, slots=True)
class Widget:
    """One control of the page that a person could use now: visible, with the browser's own role and name.

    ``index`` is its place in the list it came in; ``form`` numbers the form that it belongs to, -1
    outside any. ``options`` are the labels of a select. ``checked`` is None where it does not apply.
    """

    index: int
    role: str
    name: str
    tag: str
    input_type: str
    value: str
    placeholder: str
    href: str
    options: tuple[str, ...]
    checked: bool | None
    disabled: bool
    form: int
    rect: Rect


# ------------------------------------------------------------------ verdicts


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding of a judge: which criterion it bears on, what was found, and how many points it moved."""

    criterion: str
    finding: str
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One executed check or UI test: what was tried, whether it held, and what was seen instead."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A verdict on the paper's scale of 0 to 5, with what it rests on."""

    value: float
    criteria: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    evidence: tuple[Evidence, ...] = ()
    suggestions: tuple[str, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Unscored:
    """No verdict exists. Not a zero: training masks it, averages skip it."""

    reason: str
    detail: str = ""


Verdict = Score | Unscored


@dataclass(frozen=True, slots=True)
class Reward:
    """The reward of one turn and its parts; ``value`` is what ``step`` returns."""

    value: float
    parts: Mapping[str, float]


# ------------------------------------------------------------------ models


@dataclass(frozen=True, slots=True)
class Usage:
    """What was spent. ``calls`` counts requests sent, retries included; ``cost`` is in the currency of the price.

    ``estimated`` says that a server did not tell its tokens and they were computed from lengths.
    """

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    estimated: bool = False

    @property
    def tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            cost=self.cost + other.cost,
            estimated=self.estimated or other.estimated,
        )


# ------------------------------------------------------------------ turns


class Outcome(StrEnum):
    """What became of a turn."""

    STARTED = "started"
    SHOWN = "shown"
    VALIDATED = "validated"
    FINISHED = "finished"
    BACKTRACKED = "backtracked"
    MALFORMED = "malformed"
    REFUSED = "refused"
    INSTALL_FAILED = "install_failed"
    BUILD_FAILED = "build_failed"
    START_FAILED = "start_failed"
    PAGE_FAILED = "page_failed"
    VOID = "void"


Files = Mapping[str, bytes]
"""The files of a site: POSIX path relative to its root → content. Never changed in place."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What the policy is shown after a turn. ``screenshot`` is a PNG, empty where nothing was seen.

    ``appearance`` and ``functionality`` are 0–5, -1 where not scored.
    """

    instruction: str
    files: Files
    build_log: str
    screenshot: bytes
    feedback: str
    appearance: float
    functionality: float
    turn: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a session, complete.

    ``task`` is the task's id. ``number`` is 0 for the observation of a reset. ``snapshot`` and ``parent`` are
    commit ids (``parent`` is empty at the root); ``state_hash`` is the git tree id of the files alone.
    ``error`` says that the turn counts towards backtracking; ``credit_to`` is the turn whose edit
    the functionality score belongs to, -1 where there is none. ``timings`` are seconds per stage;
    ``usage`` is what models cost, by who asked: ``agent``, ``appearance``, ``functionality``.
    """

    task: str
    number: int
    reply: str
    outcome: Outcome
    observation: Observation
    reward: Reward
    terminated: bool
    truncated: bool
    snapshot: str
    parent: str
    state_hash: str
    error: bool = False
    faults: tuple[Fault, ...] = ()
    build: Build | None = None
    look: Look | None = None
    appearance: Verdict | None = None
    functionality: Verdict | None = None
    credit_to: int = -1
    usage: Mapping[str, Usage] = field(default_factory=lambda: MappingProxyType({}))
    timings: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
