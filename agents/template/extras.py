"""What single widgets need besides their section: choices, prizes, questions, conversations."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from webgen_gym.agents.template.plan import Section, SitePlan
from webgen_gym.agents.template.topics import Topic

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def extras(plan: SitePlan, section: Section) -> dict[str, Json]:
    """The options that the widget of a section gets on top of the section's own."""
    made = _EXTRAS.get(section.widget)
    return made(plan, section) if made else {}


def _dashboard(plan: SitePlan, section: Section) -> dict[str, Json]:
    metrics: list[Json] = [list(_metric(entry)) for entry in plan.topic.lists["metrics"]]
    main = next((one for one in plan.collections if one.kind == "area"), None)
    named_by = main or next((one for one in plan.collections if one.kind == "reading"), None)
    places = [str(row[0]) for row in named_by.rows] if named_by else list(plan.topic.lists["orgs"])
    days = bool(section.options.get("live"))
    named: list[Json] = list(dict.fromkeys(places))
    if main is not None:
        metrics = [["Population, demographic", 21400, ""], ["Median income, economic", 58200, "$"],
                   ["Employment, economic", 93, "%"], ["Crime per 1,000", 22, ""]]  # fmt: skip
    return {"metrics": metrics, "places": named, "days": days, "by": "area" if main else "group"}


def _metric(entry: str) -> tuple[str, float, str]:
    label, value, *unit = (part.strip() for part in entry.split("|"))
    return label, float(value), unit[0] if unit else ""


def _chat(plan: SitePlan, section: Section) -> dict[str, Json]:
    people = plan.topic.lists["people"]
    helping = section.label == "Support Chat"
    named = ["Support assistant", people[2], people[5]] if helping else list(people[1:5])
    starters = [f"Where do I find {one.label.lower()}?" for one in plan.sections[:2]]
    hello = f"Hello, this is {plan.name}. How can I help?" if helping else "Hi! Good to hear from you. What is new?"
    return {"people": list(named), "hello": hello, "starters": [*starters, "When are you open?"]}


def _polls(plan: SitePlan, section: Section) -> dict[str, Json]:
    topic = plan.topic
    choices = [entry.split(" / ") for entry in topic.lists["choices"]]
    questions = topic.lists["subjects"]
    asked: list[Json] = [
        [
            question if question.endswith("?") else f"{question}: do you agree?",
            list(choices[i % len(choices)]),
            [31 + 7 * i, 24, 18 + 5 * i, 9],
        ]
        for i, question in enumerate(questions[:6])
    ]
    return {"polls": asked}


def _estimate(plan: SitePlan, section: Section) -> dict[str, Json]:
    if section.options.get("preview"):
        choices = [["model", "Shirt model", "Classic long sleeve|59", "Slim fit|65", "Short sleeve|49", "Evening|79"],
                   ["fabric", "Fabric", "Poplin|0", "Linen|14", "Flannel|10", "Twill|18"],
                   ["colour", "Colour", "White|0", "Sky blue|0", "Navy|4", "Sand|4", "Rose|4", "Black|4"]]  # fmt: skip
        amounts = [
            ["chest", "Chest (cm)", "0", "100", "160"],
            ["sleeve", "Sleeve (cm)", "0", "64", "90"],
            ["neck", "Neck (cm)", "0", "40", "60"],
        ]
    else:
        offers = [_priced(entry) for entry in plan.topic.lists["services"][:5]]
        choices = [["what", "What you need", *offers], ["level", "Level", "Standard|0", "Comfort|120", "Premium|290"],
                   ["extra", "Extras", "None|0", "Transfer|55", "Insurance|29", "Everything|96"]]  # fmt: skip
        amounts = [["people", "People or units", "35", "2", "200"], ["days", "Days", "48", "3", "90"]]
    cart = any(one.id == "cart" for one in plan.sections)
    return {"choices": [list(one) for one in choices], "amounts": [list(one) for one in amounts], "cart": cart}


def _priced(entry: str) -> str:
    name, price, *_ = (part.strip() for part in entry.split("|"))
    return f"{name.replace('{thing}', 'paper cup')}|{price}"


_TRAITS = (
    ("I plan my week before it begins.", "Structure"),
    ("I like to speak in front of others.", "Energy"),
    ("I notice how others feel.", "Empathy"),
    ("I try new ways even if they may fail.", "Curiosity"),
    ("I finish what I begin.", "Structure"),
    ("I recharge among people.", "Energy"),
    ("I ask before I advise.", "Empathy"),
    ("I read about things outside my field.", "Curiosity"),
)
_RISKS = (
    ("How exposed is the business to currency changes?", "Market"),
    ("How dependent are you on one customer?", "Credit"),
    ("How old are the core systems?", "Operations"),
    ("How often are rules in your field changed?", "Compliance"),
    ("How volatile are the prices you pay?", "Market"),
    ("How many payments arrive late?", "Credit"),
    ("How likely is a stop of one week?", "Operations"),
    ("How complete are your records?", "Compliance"),
)


def _assess(plan: SitePlan, section: Section) -> dict[str, Json]:
    risk = bool(section.options.get("risk"))
    scale = (
        ["Very low", "Low", "Medium", "High", "Very high"]
        if risk
        else ["Not at all", "A little", "Partly", "Mostly", "Fully"]
    )
    return {
        "heading": "Risk assessment" if risk else "Personality assessment",
        "items": [list(item) for item in (_RISKS if risk else _TRAITS)],
        "scale": list(scale),
        "verdict": "Look at the highest bar first and decide on one measure for it."
        if risk
        else "Coaches who fit this strength are listed first. The result is saved to your profile.",
    }


def _questions(topic: Topic) -> list[list[Json]]:
    cells = [[part.strip() for part in entry.split("|")] for entry in topic.lists["things"]]
    made: list[list[Json]] = []
    for index, cell in enumerate(cells[:6]):
        others = [cells[(index + step) % len(cells)][2] for step in (1, 3)]
        made.append([f"What fits “{cell[0]}”?", cell[2], *others])
    return made


def _quiz(plan: SitePlan, section: Section) -> dict[str, Json]:
    return {"questions": list(_questions(plan.topic))}


def _prizes(plan: SitePlan, section: Section) -> dict[str, Json]:
    return {"prizes": list(plan.topic.lists["prizes"]), **_into(plan, section)}


def _into(plan: SitePlan, section: Section) -> dict[str, Json]:
    into = next((one.id for one in plan.collections if one.kind == "record"), "")
    return {"into": into} if into else {}


def _battle(plan: SitePlan, section: Section) -> dict[str, Json]:
    match = section.options.get("mode") == "match"
    return {"sides": list(plan.topic.lists["orgs" if match else "roles"]), **_into(plan, section)}


def _booking(plan: SitePlan, section: Section) -> dict[str, Json]:
    wanted = ("meetingroom", "package", "place", "hotel", "service", "course", "event", "person")
    found = next((one for kind in wanted for one in plan.collections if one.kind == kind), None)
    stay = found is not None and found.kind in {"place", "package", "hotel"}
    label = found.singular.capitalize() if found else "Service"
    return {"offers": found.id if found else "", "what": label, "range": stay, "guests": "Guests" if stay else "People"}


def _studio(plan: SitePlan, section: Section) -> dict[str, Json]:
    topic = plan.topic
    sample = " ".join(f"{text.rstrip('?.')}." for text in topic.lists["subjects"][:4])
    return {
        "heading": str(section.options.get("task", "Generate")).capitalize(),
        "sample": f"{sample} {plan.hero.lead}",
    }


_EXTRAS: Mapping[str, Callable[[SitePlan, Section], dict[str, Json]]] = {
    "dashboard": _dashboard,
    "chat": _chat,
    "polls": _polls,
    "estimate": _estimate,
    "assess": _assess,
    "quiz": _quiz,
    "wheel": _prizes,
    "battle": _battle,
    "chess": _into,
    "tiles": _into,
    "memory": _into,
    "arcade": _into,
    "booking": _booking,
    "studio": _studio,
}
