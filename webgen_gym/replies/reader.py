"""``read``: a model's text → edits, a control word, or what is malformed about it.

The order: size → what no dialect sees (end tokens, reasoning) → which dialect → that dialect's
reader → repetition. A reply in two dialects is read as the one that begins first; actions of the
bolt markup and search/replace blocks are also read beside others, since nobody writes them as prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from webgen_gym.limits import Limits
from webgen_gym.replies import bolt, search_replace, tool_calls, unified_diff
from webgen_gym.replies.draft import Draft, valid_unicode
from webgen_gym.replies.repetition import is_repetitive
from webgen_gym.replies.thinking import without_thinking
from webgen_gym.types import Dialect, FaultCode, Reply

_DEFAULT = Limits()

_END_TOKENS = ("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<|end|>")

_STARTS: dict[Dialect, Callable[[str], int]] = {
    Dialect.BOLT: bolt.start,
    Dialect.SEARCH_REPLACE: search_replace.start,
    Dialect.UNIFIED_DIFF: unified_diff.start,
    Dialect.TOOL_CALLS: tool_calls.start,
}
_READERS: dict[Dialect, Callable[[str, Draft], str]] = {
    Dialect.BOLT: bolt.read,
    Dialect.SEARCH_REPLACE: search_replace.read,
    Dialect.UNIFIED_DIFF: unified_diff.read,
    Dialect.TOOL_CALLS: tool_calls.read,
}
_ILLUSTRATIONS = {Dialect.UNIFIED_DIFF: "A diff", Dialect.TOOL_CALLS: "A tool call"}


def read(text: str, limits: Limits = _DEFAULT) -> Reply:
    """What ``text`` amounts to. Pure, linear in the length of ``text``, and never raises.

    Args:
        text: A model's whole reply, in any dialect.
        limits: ``reply_bytes`` bounds the size of the text as UTF-8.

    Returns:
        Edits and a control word, or at least one fault and neither of these.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limits.reply_bytes:
        return _too_large(size, limits)
    draft = understood(text)
    if is_repetitive(without_end_tokens(text)):
        draft.fault(
            FaultCode.REPETITION, "The reply repeats itself: passages of 50 characters come three times and more."
        )
    return draft.reply()


def understood(text: str) -> Draft:
    """What ``text`` says, before anybody asks how long it is or how often it says it."""
    draft = Draft()
    said = without_end_tokens(_valid(text, draft))
    answer = without_thinking(said)
    if answer is None:
        draft.fault(FaultCode.CUT_OFF, "The reasoning is never closed by </think>, so there is no answer after it.")
    elif not said:
        draft.fault(FaultCode.EMPTY, "The reply is empty.")
    else:
        _read_answer(answer, draft)
    return draft


def without_end_tokens(text: str) -> str:
    """``text`` without white space around it and the tokens by which chat models end a reply, four at most."""
    text = text.strip()
    for _ in range(4):
        token = next((token for token in _END_TOKENS if text.endswith(token)), "")
        text = text.removesuffix(token).rstrip()
    return text


def _too_large(size: int, limits: Limits) -> Reply:
    draft = Draft()
    sentence = f"The reply has {size} bytes, the limit is {limits.reply_bytes}; write fewer files in one reply."
    draft.fault(FaultCode.TOO_LARGE, sentence)
    return draft.reply()


def _valid(text: str, draft: Draft) -> str:
    valid = valid_unicode(text)
    if valid != text:
        draft.note("Some characters were not valid Unicode and were replaced by U+FFFD.")
    return valid


def _read_answer(text: str, draft: Draft) -> None:
    draft.dialect = _dialect(text)
    if draft.dialect is Dialect.NONE:
        _explain_nothing(text, draft)
        return
    rest = _READERS[draft.dialect](text, draft)
    _note_unread(_read_beside(rest, draft), draft)
    if not (draft.edits or draft.controls or draft.faults):
        draft.fault(FaultCode.NO_ACTION, "The reply changes no file and says no control word.")


def _read_beside(rest: str, draft: Draft) -> str:
    """Read blocks and bolt tags that stand beside another dialect, first what begins first; the text left over."""
    blocks_at, bolt_at = search_replace.start(rest), bolt.start(rest)
    bolt_first = 0 <= bolt_at < blocks_at
    for dialect in (Dialect.BOLT, Dialect.SEARCH_REPLACE) if bolt_first else (Dialect.SEARCH_REPLACE, Dialect.BOLT):
        if dialect is draft.dialect:
            continue
        rest = bolt.read(rest, draft, alone=True) if dialect is Dialect.BOLT else search_replace.read(rest, draft)
    return rest


def _dialect(text: str) -> Dialect:
    """The dialect that begins first; bolt where there are only tags that may stand beside any dialect."""
    starts = {dialect: start(text) for dialect, start in _STARTS.items()}
    found = [dialect for dialect, at in starts.items() if at >= 0]
    if found:
        return min(found, key=lambda dialect: starts[dialect])
    return Dialect.BOLT if bolt.has_tags(text) else Dialect.NONE


def _note_unread(rest: str, draft: Draft) -> None:
    for dialect, name in _ILLUSTRATIONS.items():
        if dialect is not draft.dialect and _STARTS[dialect](rest) >= 0:
            draft.note(f"{name} beside the {draft.dialect.value} actions was ignored; write one dialect in a reply.")


def _explain_nothing(text: str, draft: Draft) -> None:
    """Name the nearest thing to an action in a reply without one."""
    if fault := tool_calls.fault_of_json(text):
        draft.dialect = Dialect.TOOL_CALLS
        draft.fault(*fault)
    elif unified_diff.has_fragment(text):
        draft.dialect = Dialect.UNIFIED_DIFF
        draft.fault(FaultCode.BAD_PATCH, "The diff has no --- and +++ lines that say of which file it is.")
    elif re.search(r"&lt;boltAction\b", text, re.IGNORECASE):
        draft.fault(
            FaultCode.BAD_TAG, "The tags are written in HTML entities (&lt;boltAction); write < and > as they are."
        )
    elif re.search(r"^>{5,9} ?REPLACE", text, re.MULTILINE):
        draft.dialect = Dialect.SEARCH_REPLACE
        draft.fault(FaultCode.BAD_PATCH, "A search/replace block has no <<<<<<< SEARCH line.")
    else:
        draft.fault(FaultCode.NO_ACTION, "The reply changes no file and says no control word.")
