"""The sections of a page: their markup, and the script that makes what they have to use work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from examples.tiny_step_grpo.vocabulary import Topic

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "hours": "Opening hours",
        "prices": "Prices",
        "team": "Our team",
        "address": "Address",
        "quotes": "Guest quotes",
        "newsletter": "Newsletter",
        "faq": "Questions",
        "booking": "Booking",
        "search": "Search",
        "gallery": "Gallery",
    }
)


def markup(name: str, topic: Topic) -> str:
    """What stands below the title of a section."""
    return _MARKUP[name](topic)


def script(name: str) -> str:
    """What makes a section work; empty for one that has nothing to use."""
    return _SCRIPTS.get(name, "")


def _rows(pairs: tuple[tuple[str, str], ...]) -> str:
    return "<dl>" + "".join(f"<div><dt>{left}</dt><dd>{right}</dd></div>" for left, right in pairs) + "</dl>"


def _hours(topic: Topic) -> str:
    return _rows((("Monday to Friday", "8:00 to 18:00"), ("Saturday", "9:00 to 16:00"), ("Sunday", "closed")))


def _prices(topic: Topic) -> str:
    return _rows(tuple(zip(topic.offers, ("4.50", "7.20", "12.00"), strict=True)))


def _team(topic: Topic) -> str:
    return _rows((("Mira Holm", "founder"), ("Jon Aber", "workshop"), ("Lea Stern", "front desk")))


def _address(topic: Topic) -> str:
    return f"<p>{topic.name}<br>12 Mill Lane, Oldbridge</p><p>Tram 4, stop Mill Lane.</p>"


def _quotes(topic: Topic) -> str:
    return (
        f"<blockquote>We come back to {topic.name} each week.</blockquote>"
        f"<blockquote>The {topic.offers[0].lower()} alone is worth the walk.</blockquote>"
    )


def _newsletter(topic: Topic) -> str:
    return (
        '<p>One letter a month.</p><form id="letter"><input type="email" name="email" placeholder="Your email"'
        ' aria-label="Email"><button>Subscribe</button></form><p id="letter-said"></p>'
    )


def _faq(topic: Topic) -> str:
    return (
        '<p>What visitors ask.</p><button type="button" id="dogs">May I bring a dog?</button>'
        '<p id="dogs-said" hidden>Yes, dogs are welcome on a lead.</p>'
    )


def _booking(topic: Topic) -> str:
    return (
        f"<p>Reserve a {topic.offers[1].lower()}.</p>"
        '<button type="button" id="book">Book now</button><p id="book-said"></p>'
    )


def _search(topic: Topic) -> str:
    offers = "".join(f"<li>{offer}</li>" for offer in topic.offers)
    return (
        '<form id="find"><input type="search" placeholder="Search" aria-label="Search"><button>Search</button></form>'
        f'<ul id="found">{offers}</ul>'
    )


def _gallery(topic: Topic) -> str:
    return (
        '<svg viewBox="0 0 200 60" role="img" aria-label="Picture"><rect width="200" height="60" rx="8" opacity=".25"/>'
        '<circle cx="60" cy="30" r="18"/><path d="M90 48 130 14l50 34z"/></svg>'
        f'<p id="caption">{topic.offers[0]}</p><button type="button" id="next">Next picture</button>'
        f'<p id="captions" hidden>{topic.offers[1]}</p>'
    )


_MARKUP: Mapping[str, Callable[[Topic], str]] = MappingProxyType(
    {
        "hours": _hours,
        "prices": _prices,
        "team": _team,
        "address": _address,
        "quotes": _quotes,
        "newsletter": _newsletter,
        "faq": _faq,
        "booking": _booking,
        "search": _search,
        "gallery": _gallery,
    }
)

_SCRIPTS: Mapping[str, str] = MappingProxyType(
    {
        "newsletter": "byId('letter').onsubmit = () => { byId('letter-said').textContent = 'Thank you!'; };",
        "faq": "byId('dogs').onclick = () => { byId('dogs-said').hidden = false; };",
        "booking": "byId('book').onclick = () => { byId('book-said').textContent = 'Your booking is confirmed.'; };",
        "search": (
            "byId('find').onsubmit = () => { const wanted = byId('find').querySelector('input').value.toLowerCase();"
            " for (const item of byId('found').children)"
            " item.hidden = !item.textContent.toLowerCase().includes(wanted); };"
        ),
        "gallery": "byId('next').onclick = () => { byId('caption').textContent = byId('captions').textContent; };",
    }
)
