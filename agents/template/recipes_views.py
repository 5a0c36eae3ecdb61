"""Recipes that lead to a view of its own: games, figures, chats, editors, players, pages to read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from webgen_gym.agents.template.draft import Draft, Recipe, Sketch, flag
from webgen_gym.agents.template.kinds import kind_of, noun_of
from webgen_gym.agents.template.recipes_lists import LISTS

_COMPARABLE = frozenset(
    [
        "offer",
        "product",
        "company",
        "area",
        "property",
        "plan",
        "tool",
        "policy",
        "figures",
        "player",
        "reading",
        "species",
        "course",
        "place",
    ]
)


def _play(draft: Draft, text: str) -> Sketch | None:
    if not draft.game:
        return None
    return draft.section("play", "Play", "dice", draft.game, extra=False)


def _account(draft: Draft, text: str) -> Sketch | None:
    return draft.section("account", "Account", "user", "account")


def _chat(draft: Draft, text: str) -> Sketch | None:
    helping = re.search(r"support|help|bot|assist|inquir", text) or "support" in draft.brief.text
    label = "Support Chat" if helping else "Messages"
    return draft.section("chat", label, "chat", "chat")


def _polls(draft: Draft, text: str) -> Sketch | None:
    if draft.topic.id != "voting" and "poll" not in draft.brief.text:
        return draft.records("post") if draft.main == "post" else None
    return draft.section("polls", "Polls", "poll", "polls", extra=False)


def _compare(draft: Draft, text: str) -> Sketch | None:
    kind = kind_of(noun_of(text))
    chosen = kind if kind in _COMPARABLE - {"reading"} else draft.main if draft.main in _COMPARABLE else "reading"
    collection = draft.collection(chosen)
    draft.records(chosen)
    sketch = draft.section("compare", "Compare", "scale", "compare")
    sketch.of = sketch.of or collection.id
    return sketch


def _quiz(draft: Draft, text: str) -> Sketch | None:
    if draft.topic.id == "vocabulary":
        return plan_words(draft)
    if re.search(r"personality|risk|assess|online survey|screening", text):
        sketch = draft.section("assessment", "Assessment", "check", "assess", extra=False)
        sketch.options["risk"] = "risk" in draft.brief.text
        return sketch
    sketch = draft.section("quiz", "Quiz", "check", "quiz")
    sketch.of = draft.collection(draft.main).id
    return sketch


def plan_words(draft: Draft) -> Sketch:
    """The five word games of a vocabulary site."""
    sketch = draft.sketches.get("flashcards")
    for mode, label in (("flashcards", "Flashcards"), ("unjumble", "Unjumble"), ("synonyms", "Meanings"),
                        ("blanks", "Fill the Blank"), ("crossword", "Crossword")):  # fmt: skip
        made = draft.section(mode, label, "book", "words", extra=mode in {"blanks", "crossword"})
        made.options["mode"] = mode
        made.of = draft.collection("word").id
        sketch = sketch or made
    assert sketch is not None
    return sketch


def _learn(draft: Draft, text: str) -> Sketch | None:
    if draft.main != "course":
        return None
    sketch = draft.section("learn", "My Courses", "book", "learn")
    sketch.of = draft.collection("course").id
    return sketch


def _simulate(draft: Draft, text: str) -> Sketch | None:
    sketch = draft.section("simulation", "Live Simulation", "play", "battle", extra=False)
    sketch.options["mode"] = "match" if draft.topic.id == "sport" else "battle"
    return sketch


def _dashboard(draft: Draft, text: str) -> Sketch | None:
    if draft.game:
        return LISTS["history"](draft, text)
    kind = kind_of(noun_of(re.sub(r"statistics?|analysis|tracking|charts?|monitor(ing)?|progress", "", text)))
    if kind in {"player", "goal", "project", "customer", "patient", "worklog"} and "statistical" not in text:
        flag(draft.records(kind, noun_of(text)), text)
    sketch = draft.section("dashboard", "Dashboard", "chart", "dashboard", extra=not draft.desk)
    sketch.options["live"] = bool(sketch.options.get("live")) or bool(
        re.search(r"real-time|live|monitor", draft.brief.text)
    )
    return sketch


def _report(draft: Draft, text: str) -> Sketch | None:
    if re.search(r"submit|daily", text):
        sketch = draft.records("report", "daily report")
        sketch.options["create"] = "Submit"
        return sketch
    return draft.section("reports", "Reports", "file", "report")


def _estimate(draft: Draft, text: str) -> Sketch | None:
    made = bool(re.search(r"customi|design|preview", text))
    sketch = draft.section(
        "configure" if made else "quote", "Customize" if made else "Quotes", "tag", "estimate", extra=False
    )
    sketch.options["preview"] = "shirt" if made and "shirt" in draft.brief.text else ""
    sketch.options["noun"] = "design" if made else "quote" if "quote" in text else "estimate"
    if sketch.options["noun"] == "estimate":
        sketch.label = "Cost Estimate"
    return sketch


def _upload(draft: Draft, text: str) -> Sketch | None:
    return draft.section("uploads", "Uploads" if "file" in text or "video" in text else "Pictures", "image", "upload")


def _player(draft: Draft, text: str) -> Sketch | None:
    if draft.topic.id != "media" and kind_of(noun_of(text)) != "media":
        return None
    sketch = draft.section("player", "Player", "play", "player", extra=False)
    sketch.of = draft.collection("media").id
    return sketch


def _map(draft: Draft, text: str) -> Sketch | None:
    sketch = draft.section("map", "Map", "pin", "map")
    sketch.of = draft.collection(draft.main).id
    return sketch


def _settings(draft: Draft, text: str) -> Sketch | None:
    kind = kind_of(noun_of(text))
    if kind in {"policy", "setting"} and "polic" in text:
        sketch = draft.records("setting", "policy")
        sketch.options["create"] = "Add"
        return sketch
    return draft.section("settings", "Settings", "gear", "settings")


def _editor(draft: Draft, text: str) -> Sketch | None:
    form = re.search(r"form", draft.brief.subject)
    return draft.section(
        "editor", "Form Builder" if form else "Editor", "pen", "builder" if form else "editor", extra=False
    )


def _studio(draft: Draft, text: str) -> Sketch | None:
    noun = noun_of(text)
    if kind_of(noun) in {"alert", "document", "payment"}:
        return None
    sketch = draft.section("studio", "Studio", "spark", "studio", extra=False)
    sketch.options.setdefault("task", text)
    return sketch


def _contact(draft: Draft, text: str) -> Sketch | None:
    if draft.desk and "contact us" not in text:
        return None
    return draft.section("contact", "Contact", "mail", "contact", extra=False)


def _about(draft: Draft, text: str) -> Sketch | None:
    if kind_of(noun_of(text)) in {"service", "product", "place", "event", "hotel"} and "about us" not in text:
        return None
    return draft.section("about", "About", "info", "", extra=False)


def _honours(draft: Draft, text: str) -> Sketch | None:
    return draft.section("achievements", "Achievements and Honors", "award", "", extra=False)


def _life(draft: Draft, text: str) -> Sketch | None:
    return draft.section("life", "Life Experiences", "clock", "", extra=False)


def _points(draft: Draft, text: str) -> Sketch | None:
    return draft.section("account", "Account", "user", "account")


def _nothing(draft: Draft, text: str) -> Sketch | None:
    return draft.sketches.get("home")


VIEWS: Mapping[str, Recipe] = {
    "play": _play,
    "account": _account,
    "chat": _chat,
    "polls": _polls,
    "compare": _compare,
    "quiz": _quiz,
    "learn": _learn,
    "simulate": _simulate,
    "dashboard": _dashboard,
    "report": _report,
    "estimate": _estimate,
    "upload": _upload,
    "player": _player,
    "map": _map,
    "settings": _settings,
    "editor": _editor,
    "studio": _studio,
    "contact": _contact,
    "about": _about,
    "honours": _honours,
    "life": _life,
    "points": _points,
    "nothing": _nothing,
}
