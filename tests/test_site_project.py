from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.data.sites import load, package
from webgen_gym.limits import Limits
from webgen_gym.site.project import NodeProject, Project, StaticProject, Unusable, read_project
from webgen_gym.site.script import program, resolve, serves_a_build, serving_arguments
from webgen_gym.types import Stage

LIMITS = Limits()
VITE = {"devDependencies": {"vite": "^5"}}


def read(files: dict[str, bytes | str]) -> Project:
    return read_project(
        {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}, LIMITS
    )


def node(files: dict[str, bytes | str]) -> NodeProject:
    project = read(files)
    assert isinstance(project, NodeProject), project
    return project


def unusable(files: dict[str, bytes | str]) -> Unusable:
    project = read(files)
    assert isinstance(project, Unusable), project
    return project


# ------------------------------------------------------------------ static


def test_an_index_without_a_package_is_static() -> None:
    assert read({"index.html": "", "about.html": ""}) == StaticProject("")


def test_an_index_beside_a_package_without_scripts_is_static() -> None:
    assert read({"index.html": "", "package.json": '{"name": "x"}'}) == StaticProject("")


def test_an_index_beside_a_package_that_serves_nothing_is_static() -> None:
    assert read({"index.html": "", "package.json": package({"test": "echo no"})}) == StaticProject("")


def test_an_index_in_one_folder_is_found_and_said() -> None:
    project = read({"public/index.html": "", "public/style.css": "", "README.md": ""})
    assert project == StaticProject("public/", ("index.html was found in public/; this folder is served.",))


def test_two_folders_with_an_index_are_not_chosen_between() -> None:
    assert unusable({"a/index.html": "", "b/index.html": ""}).stage is Stage.START


def test_an_index_at_the_root_outranks_a_package_in_a_folder() -> None:
    assert read({"index.html": "", "backend/package.json": package({"start": "node x.js"})}) == StaticProject("")


def test_nothing_at_all_is_a_sentence() -> None:
    assert unusable({}).message == "There are no files at the root of the project, so nothing can be shown."


def test_neither_index_nor_package_is_a_sentence() -> None:
    assert unusable({"main.py": ""}).message.startswith("There is neither an index.html nor a package.json")


# ------------------------------------------------------------------ package.json

BROKEN = {
    "": "is not valid JSON: Expecting value (line 1)",
    "{": "is not valid JSON",
    '{"scripts": {"dev": "vite",}}': "is not valid JSON",
    "// comment\n{}": "is not valid JSON",
    '{"version": NaN}': "NaN is not JSON",
    "[]": "must hold a JSON object",
    '{"scripts": ["dev"]}': '"scripts" in package.json must be an object',
    '{"scripts": {"dev": 1}}': '"scripts" in package.json must hold strings, but "dev" does not',
    '{"scripts": {"dev": "vite"}, "dependencies": ["react"]}': '"dependencies" in package.json must be an object',
    '{"scripts": {"dev": "vite"}, "dependencies": {"react": 18}}': 'must hold strings, but "react" does not',
    '{"a":' * 5000 + "1" + "}" * 5000: "is not valid JSON",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_malformed_package_is_a_sentence_for_its_writer(text: str) -> None:
    found = unusable({"package.json": text, "index.html": ""})
    assert found.stage is Stage.INSTALL
    assert BROKEN[text] in found.message


def test_a_package_that_is_no_text_is_a_sentence() -> None:
    assert unusable({"package.json": b"\xff\xfe{}"}).message == "package.json is not UTF-8 text."


def test_a_byte_order_mark_is_accepted_as_npm_does() -> None:
    assert node({"package.json": b"\xef\xbb\xbf" + package({"dev": "vite"}, **VITE)}).kind == "vite"


REMOTE = [
    "git+https://example.org/x.git",
    "git://example.org/x",
    "github:user/x",
    "user/x",
    "user/x#main",
    "https://example.org/x.tgz",
    "http://169.254.169.254/latest",
    "ssh://git@example.org/x",
    "git@example.org:user/x.git",
    "HTTPS://example.org/x.tgz",
]


@pytest.mark.parametrize("spec", REMOTE)
@pytest.mark.parametrize("field", ["dependencies", "devDependencies", "optionalDependencies", "overrides"])
def test_a_dependency_from_outside_the_registry_is_refused(spec: str, field: str) -> None:
    found = unusable({"package.json": package({"dev": "vite"}, **{field: {"x": spec}})})
    assert "only packages of the npm registry can be installed" in found.message


def test_an_override_deep_inside_is_checked_too() -> None:
    overrides = {"a": {"b": {"c": "https://example.org/c.tgz"}}}
    assert 'Dependency "c"' in unusable({"package.json": package({"dev": "vite"}, overrides=overrides)}).message


@pytest.mark.parametrize(
    "spec", ["^1.2.3", "latest", "*", "", "1.x || >=2", "npm:other@^1", "npm:@scope/other@1", "file:./lib", "./lib"]
)
def test_versions_aliases_and_folders_of_the_project_are_accepted(spec: str) -> None:
    assert node({"package.json": package({"dev": "vite"}, dependencies={"x": spec})}).manifest.dependencies == {
        "x": spec
    }


@pytest.mark.parametrize("spec", ["file:../lib", "file:/etc", "../../x", "link:a/../../x", "~/x", "/etc/passwd"])
def test_a_folder_outside_the_project_is_refused(spec: str) -> None:
    found = unusable({"package.json": package({"dev": "vite"}, dependencies={"x": spec})})
    assert "lies outside the project" in found.message


def test_what_decides_an_installation_is_kept_and_nothing_else() -> None:
    text = package({"dev": "vite"}, name="x", author="me", devEngines={"runtime": {"name": "bun"}}, **VITE)
    assert dict(node({"package.json": text}).manifest.install) == VITE


# ------------------------------------------------------------------ which script, which framework


def test_dev_comes_before_start_serve_and_preview() -> None:
    scripts = {"preview": "vite preview", "serve": "serve", "start": "node x.js", "dev": "vite", "build": "vite build"}
    assert node({"package.json": package(scripts)}).serve == "vite"
    scripts.pop("dev")
    assert node({"package.json": package(scripts)}).serve == "node x.js"
    scripts.pop("start")
    assert node({"package.json": package(scripts)}).serve == "serve"
    scripts.pop("serve")
    assert node({"package.json": package(scripts)}).serve == "vite preview"


def test_a_framework_without_a_script_is_not_served_as_plain_files() -> None:
    found = unusable({"index.html": "", "package.json": package({"build": "vite build"}, **VITE)})
    assert found.message == 'package.json has no script "dev", "start", "serve" or "preview".'


@pytest.mark.parametrize(
    ("script", "dependencies", "kind"),
    [
        ("vite", ["vite"], "vite"),
        ("vite --port 3000 --open", ["vite"], "vite"),
        ("cross-env NODE_ENV=development npx vite", ["vite"], "vite"),
        ("tsc -b && ./node_modules/.bin/vite", ["vite"], "vite"),
        ("next dev --turbo", ["next", "react"], "next"),
        ("react-scripts start", ["react-scripts"], "cra"),
        ("node server.js", ["express", "vite"], "node"),
        ("nodemon --exec tsx src/index.ts", ["express"], "node"),
        ("vite & node server.js", ["vite", "express"], "vite"),
        ('concurrently "npm run api" "npm run web"', ["vite", "express"], "vite"),
        ("some-unknown-server", [], "node"),
    ],
)
def test_the_kind_of_a_site_comes_from_what_its_script_starts(script: str, dependencies: list[str], kind: str) -> None:
    text = package({"dev": script}, dependencies=dict.fromkeys(dependencies, "*"))
    assert node({"package.json": text}).kind == kind


def test_a_script_that_stands_for_another_is_followed() -> None:
    scripts = {"start": "npm run dev", "dev": "yarn web", "web": "vite", "preweb": "echo pre"}
    assert resolve("start", scripts) == ["start", "dev", "web"]
    project = node({"package.json": package({**scripts, "dev": "yarn web"}, **VITE)})
    assert (project.serve, project.before) == ("vite", ("echo pre",))


def test_scripts_that_stand_for_each_other_end() -> None:
    assert resolve("dev", {"dev": "npm start", "start": "npm run dev"}) == ["dev", "start"]


def test_scripts_that_come_first_are_run_first() -> None:
    scripts = {"predev": "node prepare.js", "dev": "vite"}
    assert node({"package.json": package(scripts, **VITE)}).before == ("node prepare.js",)


@pytest.mark.parametrize(
    "scripts",
    [
        {"preview": "vite preview"},
        {"start": "next start"},
        {"start": "serve -s dist"},
        {"start": "http-server ./build -c-1"},
        {"start": "node dist/server.js"},
    ],
)
def test_a_server_of_built_files_is_built_first(scripts: dict[str, str]) -> None:
    project = node({"package.json": package({**scripts, "build": "make it", "postbuild": "and this"})})
    assert project.before == ("make it", "and this")


def test_a_dev_server_is_not_built_first() -> None:
    assert node({"package.json": package({"dev": "vite", "build": "vite build"}, **VITE)}).before == ()


@pytest.mark.parametrize("script", ["vite", "vite dev", "vite serve", "vite --host"])
def test_edits_show_by_themselves_in_a_vite_dev_server(script: str) -> None:
    assert node({"package.json": package({"dev": script}, **VITE)}).is_live


@pytest.mark.parametrize("script", ["vite preview", "vite build --watch", "next dev", "node server.js"])
def test_edits_do_not_show_by_themselves_elsewhere(script: str) -> None:
    assert not node({"package.json": package({"dev": script}, **VITE)}).is_live


@pytest.mark.parametrize("script", ["x" * (LIMITS.script_bytes + 1), "echo \x00", "echo \ud800"])
def test_a_script_that_no_command_line_holds_is_a_sentence(script: str) -> None:
    assert unusable({"package.json": package({"dev": script})}).message.startswith("A script in package.json")


# ------------------------------------------------------------------ package manager and folders


@pytest.mark.parametrize(
    ("files", "manager", "lock"),
    [
        ([], "npm", ""),
        (["package-lock.json"], "npm", "package-lock.json"),
        (["pnpm-lock.yaml"], "pnpm", "pnpm-lock.yaml"),
        (["yarn.lock"], "yarn", "yarn.lock"),
        (["package-lock.json", "yarn.lock"], "npm", "package-lock.json"),
    ],
)
def test_the_package_manager_comes_from_the_lock(files: list[str], manager: str, lock: str) -> None:
    project = node({"package.json": package({"dev": "vite"}), **dict.fromkeys(files, "")})
    assert (project.manager, project.lock) == (manager, lock)


def test_the_package_manager_field_outranks_the_lock() -> None:
    text = package({"dev": "vite"}, packageManager="pnpm@9.1.0+sha512.abc")
    project = node({"package.json": text, "package-lock.json": "{}"})
    assert (project.manager, project.lock) == ("pnpm", "")


def test_an_unknown_package_manager_is_passed_over() -> None:
    assert node({"package.json": package({"dev": "vite"}, packageManager="bun@1.2.0")}).manager == "npm"


def test_a_package_in_one_folder_is_the_project_and_this_is_said() -> None:
    project = node({"frontend/package.json": package({"dev": "vite"}), "frontend/yarn.lock": "", "README.md": ""})
    assert (project.root, project.lock) == ("frontend/", "frontend/yarn.lock")
    assert project.notes == ("package.json was found in frontend/; this folder is the project.",)


def test_packages_in_two_folders_are_a_sentence() -> None:
    files = {"client/package.json": package({"dev": "vite"}), "server/package.json": package({"dev": "node x"})}
    assert "one in each of client/, server/" in unusable(dict(files)).message


@pytest.mark.parametrize("name", ["vite.config.js", "vite.config.ts", "vite.config.mts"])
def test_a_vite_configuration_is_noticed(name: str) -> None:
    assert node({"package.json": package({"dev": "vite"}), name: ""}).configured


def test_the_site_of_a_real_reply_is_understood() -> None:
    project = read_project(load("react_vite"), LIMITS)
    assert isinstance(project, NodeProject)
    assert (project.kind, project.serve, project.is_live, project.configured) == ("vite", "vite", True, False)


# ------------------------------------------------------------------ command lines


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("vite", "vite", ()),
        ("vite --port 3000", "vite", ("--port", "3000")),
        ("FOO=1 BAR='a b' vite", "vite", ()),
        ("npx --yes serve -s dist", "serve", ("-s", "dist")),
        ("a && b; c | d", "d", ()),
        ("node ./server.js", "node", ("./server.js",)),
        ("vite &", "", ()),
        ("(cd app && vite)", "", ()),
        ("echo 'unbalanced", "", ()),
        ("", "", ()),
        ("$(which vite)", "", ()),
    ],
)
def test_the_last_command_of_a_script(text: str, name: str, arguments: tuple[str, ...]) -> None:
    found = program(text)
    assert (found.name, found.arguments) == (name, arguments)


def test_what_is_added_goes_by_the_program() -> None:
    assert serving_arguments(program("vite"), 5173) == ("--host", "127.0.0.1", "--port", "5173", "--strictPort")
    assert serving_arguments(program("next dev"), 3000) == ("-H", "127.0.0.1", "-p", "3000")
    assert serving_arguments(program("node server.js"), 3000) == ()


def test_a_program_that_happens_to_build_is_not_taken_for_a_server_of_built_files() -> None:
    assert not serves_a_build(program("vite build"))
    assert serves_a_build(program("serve dist"))


# ------------------------------------------------------------------ hostile input

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
fields = st.fixed_dictionaries(
    {},
    optional={
        name: values
        for name in ("scripts", "dependencies", "devDependencies", "overrides", "packageManager", "workspaces", "name")
    },
)
scripts = st.dictionaries(st.sampled_from(["dev", "start", "predev", "build", "preview"]), st.text(max_size=40))


@given(fields)
@settings(max_examples=200, deadline=None)
def test_reading_a_project_never_raises(manifest: dict[str, object]) -> None:
    read({"package.json": json.dumps(manifest), "index.html": ""})


@given(scripts)
@settings(max_examples=200, deadline=None)
def test_reading_scripts_never_raises(found: dict[str, str]) -> None:
    read({"package.json": json.dumps({"scripts": found})})


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_reading_bytes_never_raises(content: bytes) -> None:
    read({"package.json": content})


def test_the_limit_of_a_script_can_be_changed() -> None:
    files = {"package.json": package({"dev": "vite --host"})}
    assert isinstance(read_project(files, replace(LIMITS, script_bytes=5)), Unusable)
