"""Ten good sites, made by hand, each with what was asked for; ``spoilings`` breaks them, ``plain`` has plain ones.

Each site is a folder of plain files. What stands between ``<!-- feature -->`` and ``<!-- /feature -->`` is
what the site is for; its script runs without it.
"""

from __future__ import annotations

from pathlib import Path

from tests.judge_sites.site import Colour, Site, read_files, site

FOLDER = Path(__file__).parent


def _site(name: str, instruction: str, background: Colour, component: Colour) -> Site:
    return site(name, instruction, background, component, read_files(FOLDER / name))


GOOD = (
    _site(
        "bookshop",
        "Please implement an online bookshop for second-hand books. The website should have functionalities for "
        "browsing the catalogue, searching by title or author, filtering by genre and a shopping cart. Users should "
        "be able to add books to the cart, view the cart with its total, and check out. Visitors can also subscribe "
        "to a newsletter. Use ivory for the background and forest green for components.",
        ("ivory", "#fffff0"),
        ("forest green", "#228b22"),
    ),
    _site(
        "weather",
        "Please implement a weather dashboard website that shows current conditions and forecasts. Users should be "
        "able to search for a city, view the hourly temperature in a chart, read a seven-day forecast and weather "
        "alerts, switch between Celsius and Fahrenheit, and save cities. Set alice blue as the background color and "
        "navy as the component color.",
        ("alice blue", "#f0f8ff"),
        ("navy", "#000080"),
    ),
    _site(
        "studio",
        "Please implement a website for a fitness studio where people book classes. The website should show the class "
        "schedule by day, introduce the coaches, and answer frequent questions. Users should be able to browse yoga "
        "and strength classes and book a place by filling in a booking form with name, email, class and date. "
        "Design the page with lavender as the background and indigo for the components.",
        ("lavender", "#e6e6fa"),
        ("indigo", "#4b0082"),
    ),
    _site(
        "recipes",
        "Please implement a recipe sharing website. Users should be able to search recipes by ingredient, filter them "
        "by diet, view a recipe with its ingredients, change the number of portions, and save recipes for later. "
        "Apply cornsilk as the background; style all components with maroon.",
        ("cornsilk", "#fff8dc"),
        ("maroon", "#800000"),
    ),
    _site(
        "expenses",
        "Please implement an expense tracker for households. Users should be able to add expenses with description, "
        "amount and category, delete them, filter the list by category, set a monthly budget, see a chart of expenses "
        "by category and export the data. Use mint cream for the background and dark slate gray for components.",
        ("mint cream", "#f5fffa"),
        ("dark slate gray", "#2f4f4f"),
    ),
    _site(
        "portfolio",
        "Please implement a portfolio website for a photographer. The website should have a gallery of photographs "
        "that can be filtered by kind, a lightbox to enlarge a photograph, an about section with print prices, and a "
        "contact form for messages. Use a very dark background and gold for the components.",
        ("very dark", "#1b1b1f"),
        ("gold", "#ffd700"),
    ),
    _site(
        "board",
        "Please implement a task management board for small teams. Users should be able to create tasks with title, "
        "assignee and due date, move tasks between to do, in progress and done, delete tasks, search tasks, and see "
        "the progress of the team. Set the background to azure and style the elements with royal blue.",
        ("azure", "#f0ffff"),
        ("royal blue", "#4169e1"),
    ),
    _site(
        "travel",
        "Please implement a Zibo tourism information website. The website should include information on food, "
        "attractions, accommodation, itineraries and travel tips. Users can browse attractions with recommendations "
        "based on seasons and sign up for a holiday newsletter. Set seashell as the background and teal for "
        "components.",
        ("seashell", "#fff5ee"),
        ("teal", "#008080"),
    ),
    _site(
        "quiz",
        "Please implement a language learning website with a vocabulary quiz. Users should be able to answer quiz "
        "questions, get feedback and points, see their progress, flip flashcards, set a daily goal, and compare "
        "themselves on a leaderboard. Use beige for the background and dark magenta for the components.",
        ("beige", "#f5f5dc"),
        ("dark magenta", "#8b008b"),
    ),
    _site(
        "jobs",
        "Please implement a job search website for the far north. Users should be able to search jobs by keyword and "
        "location, filter them by kind and salary, apply for a job with a form, create job alerts, and see which "
        "employers are hiring. Use white smoke as the background and dark cyan for components.",
        ("white smoke", "#f5f5f5"),
        ("dark cyan", "#008b8b"),
    ),
)
