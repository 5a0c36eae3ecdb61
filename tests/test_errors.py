"""The error tree is what its docstring draws, and every error survives a process boundary."""

import pickle
import re

import pytest

from webgen_gym import errors
from webgen_gym.errors import WebGenError


def all_errors() -> list[type[WebGenError]]:
    found: list[type[WebGenError]] = [WebGenError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return [kind for kind in found if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_an_error_survives_pickling_and_being_made_again_from_its_message(kind: type[WebGenError]) -> None:
    error = kind("What happened.")
    assert str(pickle.loads(pickle.dumps(error))) == "What happened."
    assert str(kind(str(error))) == "What happened."


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    assert errors.__doc__ is not None
    drawn = re.findall(r"^([│ ├└─]*)(\w+)(?:  |$)", errors.__doc__, flags=re.MULTILINE)
    parents: list[str] = []
    tree = {}
    for indent, name in drawn:
        if name not in vars(errors):
            continue
        depth = len(indent) // 4
        parents[depth:] = [name]
        tree[name] = parents[depth - 1] if depth else "Exception"
    assert tree == {kind.__name__: kind.__bases__[0].__name__ for kind in all_errors()}
