"""Recipes that lead to a list: what the wishes for records, orders, bookings and posts add to a plan."""

from __future__ import annotations

import re
from collections.abc import Mapping

from webgen_gym.agents.template.draft import Draft, Recipe, Sketch, flag
from webgen_gym.agents.template.kinds import kind_of, noun_of

_SOLD = frozenset(["product", "service", "course", "menu", "tool", "plan", "package", "offer", "media", "property"])
_BOOKED = frozenset(
    ["hotel", "meetingroom", "service", "place", "package", "course", "person", "event", "property", "menu"]
)
_REVIEWED = frozenset(
    [
        "product",
        "tool",
        "place",
        "service",
        "course",
        "menu",
        "media",
        "poem",
        "article",
        "post",
        "obituary",
        "work",
        "package",
    ]
)


def _members(draft: Draft, text: str) -> Sketch | None:
    return flag(draft.records("member", "user"), "add edit")


def _send(draft: Draft, text: str) -> Sketch | None:
    sketch = draft.records("message", "message")
    sketch.options["create"] = "Send"
    return sketch


def _history(draft: Draft, text: str) -> Sketch | None:
    if not draft.game:
        return None
    if any(one.kind == "record" for one in draft.collections.values()):
        return draft.records("record")
    sketch = draft.records("record", "record")
    sketch.label = "Winning Records" if "win" in text else "Game History" if "histor" in text else "Leaderboard"
    return sketch


def _figures(draft: Draft, text: str) -> Sketch | None:
    if draft.main != "company":
        return None
    draft.records("company", "company")
    return draft.records("figures")


def _cart(draft: Draft, text: str) -> Sketch | None:
    if draft.desk:
        return None
    if "reserv" in text:
        _booking(draft, text)
    kind = kind_of(noun_of(text))
    goods = kind if kind in {"product", "service", "course", "menu", "plan", "tool"} else draft.main
    shop = draft.records(goods if goods in _SOLD else "product")
    shop.options["act"] = "Add to cart"
    return draft.section("cart", "Cart", "cart", "cart", extra=True)


def _booking(draft: Draft, text: str) -> Sketch | None:
    kind = kind_of(noun_of(text))
    if draft.desk and kind in {"project", "surgery", "course"}:
        return None
    if kind in _BOOKED and kind != "booking":
        draft.records(kind, noun_of(text)).options["act"] = "Book"
    elif draft.main in _BOOKED:
        draft.records(draft.main).options["act"] = "Book"
    listed = re.search(r"(?:list of|all|my|their own) (?:their )?bookings", draft.brief.text, re.I)
    sketch = draft.section("bookings", "Bookings" if listed else "Book Now", "calendar", "booking", extra=False)
    if re.search(r"start time|end time", draft.brief.text):
        sketch.options["hours"] = True
    if re.search(r"purpose|reason", draft.brief.text):
        sketch.options["note"] = "Purpose"
    sketch.of = draft.collection("booking", "booking").id
    return sketch


def _apply_for(draft: Draft, text: str) -> Sketch | None:
    if "enrol" in text:
        sketch = draft.records("course")
        sketch.options["act"] = "Enroll"
        return sketch
    if draft.main == "job" or "job" in text:
        return draft.records("job")
    return None


def _job_post(draft: Draft, text: str) -> Sketch | None:
    sketch = draft.records("job", "job")
    sketch.options["create"] = "Post"
    return sketch


def _review(draft: Draft, text: str) -> Sketch | None:
    kind = kind_of(noun_of(re.sub(r"\b(review|rate|comment on|comment|rating|leave messages on)\b", "", text)))
    if re.search(r"condolence", text):
        return draft.records("obituary")
    target = draft.records(kind) if kind in _REVIEWED else draft.shown()
    target.options["reviews"] = "Comment" if "comment" in draft.brief.text else "Review"
    return target


def _post(draft: Draft, text: str) -> Sketch | None:
    kind = kind_of(noun_of(text)) or (draft.main if draft.main in {"poem", "obituary", "article"} else "")
    if kind in {"job", "course", "project", "task", "event", "product", "media"}:
        return flag(draft.records(kind, noun_of(text)), text)
    if kind in {"article", "poem", "obituary", "work"}:
        sketch = draft.records(kind)
    elif "discuss" in text and "post" not in text and "idea" in draft.brief.text:
        sketch = draft.records("discussion", "discussion")
    else:
        sketch = draft.records("post", "discussion" if "discuss" in text else "idea" if "idea" in text else "post")
    sketch.options["create"] = "Publish" if "publish" in text else "Post"
    return sketch


def _alerts(draft: Draft, text: str) -> Sketch | None:
    sketch = draft.records("alert", "alert" if "alert" in text else "notification")
    if re.search(r"\bset|customi|personal|condition|send|configure", text):
        sketch.options["create"] = "Send" if "send" in text and "system" not in text else "Set"
    return sketch


def _weather(draft: Draft, text: str) -> Sketch | None:
    return draft.records("weather", "weather")


def _friends(draft: Draft, text: str) -> Sketch | None:
    sketch = draft.records("person", "friend")
    sketch.options["create"] = "Invite"
    sketch.options["act"] = "Message"
    return sketch


def _worklog(draft: Draft, text: str) -> Sketch | None:
    return flag(draft.records("worklog"), "add edit")


def _subscribe(draft: Draft, text: str) -> Sketch | None:
    return draft.records("plansub", "subscription")


def _download(draft: Draft, text: str) -> Sketch | None:
    if draft.main != "article":
        return None
    sketch = draft.records("article")
    sketch.options["act"] = "Download"
    return sketch


LISTS: Mapping[str, Recipe] = {
    "members": _members,
    "send": _send,
    "history": _history,
    "figures": _figures,
    "cart": _cart,
    "booking": _booking,
    "apply_for": _apply_for,
    "job_post": _job_post,
    "review": _review,
    "post": _post,
    "alerts": _alerts,
    "weather": _weather,
    "friends": _friends,
    "worklog": _worklog,
    "subscribe": _subscribe,
    "download": _download,
}
