"""Which control is meant by words and a role, and where things stand."""

from __future__ import annotations

import asyncio

import pytest

from tests.ui_tests_double import Control, ScriptedTab, View, look_at, select, text_field
from webgen_gym.browser.base import Place
from webgen_gym.judges import ui_colour
from webgen_gym.judges.ui_match import listing, matches, name_of
from webgen_gym.judges.ui_place import beside, captions
from webgen_gym.types import Rect, Widget


def widgets(*controls: Control) -> tuple[Widget, ...]:
    return asyncio.run(ScriptedTab(lambda state: View(controls=controls)).widgets())


def meant(target: str, *controls: Control, role: str = "") -> list[str]:
    return [match.widget.name for match in matches(widgets(*controls), target, role)]


def test_the_exact_name_is_preferred_to_one_that_holds_it() -> None:
    assert meant("save", Control("Save as draft"), Control("Save"))[0] == "Save"


def test_words_in_order_are_preferred_to_words_in_disorder() -> None:
    assert meant("add card", Control("Card to add"), Control("Add a card now"), Control("Add card now"))[0] == (
        "Add card now"
    )


def test_a_short_name_is_preferred_to_a_longer_one() -> None:
    assert meant("cart", Control("Add to cart"), Control("My cart"))[0] == "My cart"


def test_a_count_in_a_name_does_not_matter() -> None:
    assert meant("cart", Control("Cart it"), Control("🛒 Cart (2)"))[0] == "🛒 Cart (2)"


def test_a_slip_of_the_pen_is_found_last() -> None:
    assert meant("favourites", Control("Favuorites"), Control("My favourites")) == ["My favourites", "Favuorites"]


def test_names_that_differ_in_a_number_are_different() -> None:
    assert meant("square 1", Control("Square 2"), Control("Square 1")) == ["Square 1"]


def test_the_first_in_the_document_is_meant_among_equals() -> None:
    found = matches(widgets(Control("Edit"), Control("Edit")), "edit")
    assert [match.widget.index for match in found] == [0, 1]


def test_what_is_switched_off_comes_after_its_equals() -> None:
    found = matches(widgets(Control("Save", disabled=True), Control("Save")), "save")
    assert [match.widget.index for match in found] == [1, 0]


def test_a_plural_that_is_spelt_out_is_preferred() -> None:
    assert meant("favourites", Control("Favourite"), Control("Favourites"))[0] == "Favourites"


def test_a_button_is_preferred_where_a_button_is_asked_for_and_a_link_where_one_goes() -> None:
    both = (Control("About", role="link"), Control("About"), Control("About", role="link"))
    assert matches(widgets(*both), "about", "button")[0].widget.index == 1
    assert matches(widgets(*both[1:]), "about", "go")[0].widget.index == 1


def test_a_star_means_any_control_but_named_ones_first() -> None:
    assert meant("title|*", text_field("Body"), text_field("Title")) == ["Title", "Body"]


def test_alternatives_without_words_mean_nothing() -> None:
    assert meant("→|…", Control("Delete")) == []


def test_a_nameless_control_is_not_meant_by_any_word() -> None:
    assert meant("delete", Control("")) == []


@pytest.mark.parametrize(
    ("control", "target"),
    [
        (text_field("", placeholder="Your name"), "name"),
        (text_field("", input_type="email"), "email"),
        (text_field("", value="Zanthe Orrel"), "zanthe orrel"),
        (select("", "All categories", "Food"), "category|all categories"),
        (text_field("", input_type="search"), "search"),
        (Control("🗑️"), "delete"),
        (Control("×", role="generic", tag="span"), "close"),
    ],
)
def test_a_control_is_known_by_more_than_its_name(control: Control, target: str) -> None:
    assert len(matches(widgets(control), target)) == 1


@pytest.mark.parametrize(
    "control",
    [text_field("Search by title"), Control("Title", role="searchbox", tag="input", input_type="text")],
    ids=["named", "typed"],
)
def test_a_search_field_is_not_meant_by_what_it_searches(control: Control) -> None:
    assert meant("title", control) == []


def test_a_search_field_is_meant_by_search() -> None:
    assert meant("search", text_field("Search by title")) == ["Search by title"]


ALL = (
    Control("x"),
    text_field("x"),
    select("x", "a"),
    Control("x", role="checkbox", tag="input", input_type="checkbox"),
)


@pytest.mark.parametrize(
    ("role", "indexes"),
    [("", [0, 1, 2, 3]), ("button", [0]), ("field", [1]), ("select", [2]), ("checkbox", [3]), ("press", [0, 3])],
)
def test_a_role_narrows_down_the_kind(role: str, indexes: list[int]) -> None:
    assert [match.widget.index for match in matches(widgets(*ALL), "x", role)] == indexes


def test_a_list_of_controls_is_short_and_names_each_once() -> None:
    many = [Control(f"Button number {index}, which has a name that is very long") for index in range(20)]
    told = listing(widgets(Control("Add"), Control("Add"), *many))
    assert told.startswith("button 'Add', button 'Button number 0")
    assert told.endswith("and 9 more")
    assert len(told) < 1000


def test_a_page_without_controls_is_told_as_such() -> None:
    assert listing((), "field") == "no field at all"


def test_a_clickable_thing_is_named_as_a_person_would() -> None:
    assert name_of(widgets(Control("Salt Flats", role="generic", tag="div"))[0]) == "clickable 'Salt Flats'"


# ------------------------------------------------------------------ places


def placed(view: View) -> tuple[tuple[Place, ...], tuple[Widget, ...]]:
    tab = ScriptedTab(lambda state: view)
    seen = asyncio.run(tab.widgets())
    return asyncio.run(tab.places()), seen


ROWS = View(("Jade Fog", "Ember Chai"), (Control("Add", row=0), Control("Add", row=1)))


@pytest.mark.parametrize(("text", "index"), [("jade fog", 0), ("nothing|Ember Chai", 1)])
def test_the_control_beside_a_text_is_the_one_in_its_row(text: str, index: int) -> None:
    places, seen = placed(ROWS)
    assert [match.widget.index for match in beside(places, seen, matches(seen, "add"), text)] == [index]


def test_nothing_is_beside_a_text_that_is_not_there() -> None:
    places, seen = placed(ROWS)
    assert beside(places, seen, matches(seen, "add"), "Moon Oolong") == ()


def test_a_text_inside_a_field_counts_as_a_place() -> None:
    row = (text_field("a", value="Moon Oolong", row=1), Control("Save", row=1), Control("Save", row=0))
    places, seen = placed(View((), row))
    assert [match.widget.index for match in beside(places, seen, matches(seen, "save"), "Moon Oolong")] == [1]


def test_a_caption_stands_to_the_left_above_or_around() -> None:
    places, seen = placed(View(("Your name", "Email"), (text_field("", row=0), text_field("", row=1))))
    assert captions(places, seen) == {0: "Your name", 1: "Email"}


def test_a_caption_in_the_same_box_is_nearer_than_a_page_behind_a_dialog() -> None:
    view = View((), (text_field(""),))
    places, seen = placed(view)
    rect = seen[0].rect
    behind = Place("p", "80 euros a night", Rect(rect.x, rect.y - 20, 300, 20), parent=0, interactive=False)
    label = Place("label", "Arrival", Rect(rect.x, rect.y - 24, 90, 18), parent=1, interactive=False)
    assert captions((*places, behind, label), seen) == {0: "Arrival"}


# ------------------------------------------------------------------ colours


def test_a_background_is_told_from_one_that_is_nearly_the_same() -> None:
    white = look_at(View(), ())
    assert ui_colour.background_distance(white, "#ffffff") == 0
    assert ui_colour.background_distance(white, "#fffff0") > ui_colour.BACKGROUND_TOLERANCE


def test_a_shade_of_a_component_colour_will_do() -> None:
    bar = look_at(View(bars=((30, 130, 30),)), ())
    assert ui_colour.component_distance(bar, "#228b22") < ui_colour.COMPONENT_TOLERANCE


def test_a_page_without_painted_boxes_has_no_component_colour() -> None:
    assert ui_colour.component_distance(look_at(View(), ()), "#228b22") == float("inf")
