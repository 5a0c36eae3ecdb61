"""The repetition rule: how it counts, against a slow reference."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from webgen_gym.replies.repetition import is_repetitive, repeated_share


def reference(text: str) -> float:
    """The rule, written as it is told: passages of 50 characters, kept in a table."""
    text = re.sub(r"#(?:[0-9a-fA-F]{3}){1,2}\b", "<VAR>", text)
    text = re.sub(r"rgba?\([^)]*\)", "<VAR>", text)
    text = re.sub(r"[-+]?\d*\.?\d+(?:e[-+]?\d+)?", "<VAR>", text)
    text = re.sub(r"\s+", " ", text).strip().lower()
    passages = [text[at : at + 50] for at in range(len(text) - 49)]
    often = sum(count for count in Counter(passages).values() if count >= 3)
    return often / len(passages) if len(text) >= 100 else 0.0


PARTS = st.sampled_from(
    [
        ".card { color: #a1b2c3; }\n",
        "padding: 12px 3.5em;\n",
        "rgba(1, 2, 3, 0.4)",
        "a b c",
        "<p>Text</p>",
        "é",
        "1e-5",
        "-7",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(PARTS, st.integers(1, 8)), max_size=12), st.text(max_size=30))
def test_it_counts_like_the_reference(parts: list[tuple[str, int]], tail: str) -> None:
    text = "".join(part * times for part, times in parts) + tail
    assert repeated_share(text) == reference(text)


def test_numbers_and_colours_do_not_hide_a_loop() -> None:
    assert is_repetitive("".join(f".row-{n} {{ color: rgba({n}, 0, 0, 0.{n}); width: {n}.5px }}\n" for n in range(50)))


def test_words_do() -> None:
    assert not is_repetitive(
        "".join(f".row-{chr(97 + n)} {{ {chr(98 + n) * 30}: {chr(99 + n) * 20} }}\n" for n in range(20))
    )


def test_three_times_is_repetition_and_twice_is_not() -> None:
    passage = "The quick brown fox jumps over the lazy dog and then runs home to sleep. "
    assert (is_repetitive(passage * 2), is_repetitive(passage * 3)) == (False, True)


def test_a_colour_that_never_closes_is_text() -> None:
    assert repeated_share("rgb(" * 10) == 0.0
