"""What an instruction's site is: what it is mostly about, whether it is a desk or a game, what it is called."""

from __future__ import annotations

import re

from webgen_gym.agents.template.entries import word_pairs
from webgen_gym.agents.template.phrases import Brief
from webgen_gym.agents.template.topics import Topic
from webgen_gym.agents.template.words import is_verb, singular, title

_GAMES = (
    (r"chess", "chess"),
    (r"noughts|tic-?tac", "tictactoe"),
    (r"2048|merge", "tiles"),
    (r"wheel|lottery|scratch|lucky|coin flip|dice|predict|red packet|betting|draw", "wheel"),
    (r"memory|flip game|matching", "memory"),
    (r"role-?playing|rpg|combat|battle|fight|monster|war\b|guild", "battle"),
    (r"quiz|guess|idiom|q&a|personality", "quiz"),
    (r"game", "arcade"),
)
_DESK = re.compile(
    r"\b(?:management|system|dashboard|crm|erp|back-?end|back office|logging|inventory|to-do|administrat|monitoring"
    r"|multi-company|manufacturing|analytics|relationship|reimbursement|statistics|assessment|visuali[sz]ation)\b", re.I
)  # fmt: skip
_OPEN = re.compile(
    r"\b(?:shop|store|e-commerce|recruit|learning|forum|blog|portfolio|social|travel package|booking|journal|news"
    r"|information database|poll|community|chat|messaging|comment|message board|mini-program|warning)\b", re.I
)  # fmt: skip
_EARLY = (
    (r"\bleads\b", "lead"),
    (r"obituar", "obituary"),
    (r"reimbursement", "claim"),
    (r"meeting rooms?", "meetingroom"),
    (r"\bemails?\b client|mailbox", "email"),
    (r"bakery|restaurant", "menu"),
)
_MAIN = (
    (r"\bsells?\b", "product"),
    (r"cabin|camping|homestay", "place"),
    (r"podcast", "media"),
    (r"stock system", "inventory"),
    (r"expense", "payment"),
    (r"customer database|address book", "customer"),
    (r"stations?\b", "reading"),
    (r"recruit|\bjobs?\b|vacanc|freelanc|employment", "job"),
    (r"short message|\bsms\b|messages?\b(?! board)|\bemails?\b", "message"),
    (r"call logging|ticket|after-sales", "call"),
    (r"poetry|poem", "poem"),
    (r"obituar|funeral|memorial", "obituary"),
    (r"journal|\bstor(?:y|ies)\b|\bblogs?\b|\bnews\b|magazine|articles?|rss|technical information", "article"),
    (r"forum|discussion|community|social|imagination|message board|comment|microblog|circle", "post"),
    (r"portfolio|gallery|design works", "work"),
    (r"to-do|task", "task"),
    (r"real estate|property|apartment", "property"),
    (r"courses?|learning|training|education|tutoring", "course"),
    (r"coach|mentor|consult|solutions?\b", "service"),
    (r"package|\btours?\b", "package"),
    (r"hotel|homestay|villa", "hotel"),
    (r"tourism|travel|camping", "place"),
    (r"patient|hospital", "patient"),
    (r"\bleads?\b", "lead"),
    (r"customer relationship|crm|contact management|clients?\b", "customer"),
    (r"construction|project management|projects", "project"),
    (r"inventory|warehouse|manufactur|stock|supply", "inventory"),
    (r"neighbou?rhood (?:map|data|comp)|areas?\b|region", "area"),
    (r"compan(?:y|ies)|financial|enterprise", "company"),
    (r"polic(?:y|ies)|regulat", "policy"),
    (r"species|animals?|wildlife|biolog", "species"),
    (r"tools?\b|equipment|device", "tool"),
    (r"menu|restaurant|\bbar\b|food|meal", "menu"),
    (r"cleaning|barber|salon|service", "service"),
    (r"video|music|media|stream|comic|audio|podcast", "media"),
    (r"poll|vote|survey", "article"),
    (r"event|activit|conference|exhibition", "event"),
    (r"shop|store|e-commerce|product|goods|shirt|price", "product"),
    (r"weather|air quality|sensor|data|monitor", "reading"),
    (r"document|file|form", "document"),
    (r"employee|personnel|human resource|staff", "person"),
    (r"biography|person", "article"),
)  # fmt: skip
_NOT_A_NAME = {"website", "site", "web", "webpage", "page", "application", "app", "system", "platform", "mini-program",
               "online", "based", "web-based", "mobile", "a", "new", "simple", "modern", "advanced",
               "comprehensive", "portal", "feature", "integration", "wechat", "interactive", "responsive",
               "high-performance", "basic"}  # fmt: skip
_KNOWN_AS = {"forum": "Community Forum", "social": "Social Circle", "technical": "Technical Library",
             "personal": "Personal Page", "blog": "The Daily Page", "news": "Daily News", "game": "Game Room",
             "chat": "Chat Room"}  # fmt: skip
_VAGUE = {"dashboard", "data", "information", "content", "various", "multiple features", "e-commerce", "users", "user",
          "basic", "online", "user registration", "learning", "customers", "people",
          "students", "employees", ""}  # fmt: skip


def main_kind(brief: Brief, head: str) -> str:
    """The kind of record that the site is mostly about; ``entry`` where nothing tells."""
    if word_pairs(brief.text):
        return "word"
    early = next((kind for pattern, kind in _EARLY if re.search(pattern, head)), "")
    if early:
        return early
    for text in (brief.subject, head, brief.text):
        found = next((kind for pattern, kind in _MAIN if re.search(rf"\b(?:{pattern})", text, re.I)), "")
        if found:
            return found
    return "entry"


def is_desk(brief: Brief) -> bool:
    """Whether people keep records here for work, rather than visit."""
    if "management" in brief.subject and not re.search(r"content|community", brief.subject):
        return True
    about = f"{brief.subject} {brief.purpose.split(' for ')[0]}"
    kept = sum(bool(re.match(r"(?:manage|configure|monitor|maintain)\b", ask.text)) for ask in brief.asks)
    return (bool(_DESK.search(about)) or kept >= 3) and not _OPEN.search(brief.subject)


def game_of(brief: Brief) -> str:
    """The widget of the game that the site is; empty where it is no game."""
    about = f"{brief.subject} {brief.purpose}".lower()
    if not re.search(r"\bgames?\b|noughts|chess|wheel of fortune|lottery", about) or re.search(
        r"baseball|learning|vocab", about
    ):
        return ""
    return next((game for pattern, game in _GAMES if re.search(pattern, brief.text.lower())), "")


def thing_of(brief: Brief) -> str:
    """What is made or sold, where the subject names it: ``paper cup manufacturing`` → ``paper cup``."""
    found = re.match(r"(?:the )?([a-z]+(?: [a-z]+)?) (?:manufactur|production|e-commerce|selling)", brief.subject, re.I)
    return found[1].lower() if found else ""


def site_name(brief: Brief, topic: Topic) -> str:
    """The subject without the words that every site is called by, or what the purpose is about."""
    core = _core(re.sub(r"^game of ", "", brief.subject.split(" that ")[0]))
    if core.lower() in _KNOWN_AS:
        return _KNOWN_AS[core.lower()]
    if core:
        return title(_core(" ".join(core.split()[:4])))
    for piece in re.split(r",|\s+(?:and|that|which|to|with|in|for|across|from)\s+", brief.purpose):
        words = piece.split()
        plain = len(words) > 3
        while words and (is_verb(words[0]) or is_verb(words[0].rstrip("s")) or words[0].endswith("ly")):
            words.pop(0)
            plain = False
        core = "" if plain else _core(" ".join(words))
        if core:
            named = " ".join(core.split()[:4])
            return title(named if " " in named else f"{singular(named)} studio")
    return title(f"{topic.id} hub")


def _core(text: str) -> str:
    words = [re.sub(r"-related$", "", word) for word in text.split() if word.lower().strip(",") not in _NOT_A_NAME]
    while words and words[-1].lower() in {"and", "or", "of", "the"}:
        words.pop()
    while words and words[0].lower() in {"and", "or", "of", "the", "a", "an", "its"}:
        words.pop(0)
    return "" if " ".join(words).lower() in _VAGUE else " ".join(words)
