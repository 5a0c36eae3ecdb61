"""Language models behind one seam: ask, and get an answer, a counted failure, or a stop.

Reading order:

    images.py      what kind of picture some bytes are
    schema.py      the shape of a JSON answer
    base.py        Model, the seam, and the values that cross it
    spending.py    what calls cost the code that made them
    budget.py      what calls may cost, and have cost
    json_text.py   a text → the one JSON object in it
    structured.py  strict parsing and the one re-ask
    scripted.py    a model that says what it is told
    problem.py     what went wrong with one try, and what follows
    wire.py        the chat completions API, as pure functions
    settings.py    server, model and key, from arguments or the environment
    endpoint.py    one POST; the only module that imports openai
    clock.py       time and chance, as a seam
    retry.py       how long to wait
    client.py      OpenAIModel: tries, waits, deadline, budget
    testing/       a server that speaks the API and misbehaves on request
"""

from webgen_gym.llm.base import Completion, ImagePart, Message, Model, Request, Role, TextPart
from webgen_gym.llm.budget import Budget, Price
from webgen_gym.llm.client import OpenAIModel
from webgen_gym.llm.schema import Choice, Flag, Integer, JsonSchema, ListOf, Number, Object, Text
from webgen_gym.llm.scripted import ScriptedModel
from webgen_gym.llm.spending import Account, account
from webgen_gym.types import Usage

__all__ = [
    "Account",
    "Budget",
    "Choice",
    "Completion",
    "Flag",
    "ImagePart",
    "Integer",
    "JsonSchema",
    "ListOf",
    "Message",
    "Model",
    "Number",
    "Object",
    "OpenAIModel",
    "Price",
    "Request",
    "Role",
    "ScriptedModel",
    "Text",
    "TextPart",
    "Usage",
    "account",
]
