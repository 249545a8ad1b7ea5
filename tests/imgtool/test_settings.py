"""Settings: who wins, where a value came from, what a bad one is told, and that keys stay hidden."""

from __future__ import annotations

import contextlib
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgtool.errors import UsageError
from imgtool.settings import ENGINES, ROWS, Settings, load
from imgtool.settings.places import from_environment, project_file, user_file
from scraper import engines
from scraper.limits import Limits

KEY = "s3cr3t-k3y-0123456789"


class World:
    """A home, a project in it, and an environment."""

    def __init__(self, root: Path) -> None:
        self.home, self.project = root / "home", root / "home" / "work" / "pets"
        self.project.mkdir(parents=True)
        self.environ = {"HOME": str(self.home)}

    def user(self, text: str) -> Path:
        path = self.home / ".config" / "imgtool" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
        return path

    def write(self, name: str, text: str) -> Path:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def load(self, **flags: object) -> tuple[Settings, dict[str, str]]:
        loaded = load(flags, environ=self.environ, folder=self.project)
        return loaded.settings, dict(loaded.origins)

    def refusal(self, **flags: object) -> str:
        with pytest.raises(UsageError) as caught:
            self.load(**flags)
        return f"{caught.value} {caught.value.hint}"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_without_any_place_the_defaults_hold(world: World) -> None:
    settings, origins = world.load()
    assert settings == Settings()
    assert set(origins.values()) == {"default"}


def test_each_place_is_stronger_than_the_one_before(world: World) -> None:
    user = world.user("per_host = 2")
    assert (world.load()[0].per_host, world.load()[1]["per_host"]) == (2, str(user))
    project = world.write("imgtool.toml", "per_host = 3")
    assert (world.load()[0].per_host, world.load()[1]["per_host"]) == (3, str(project))
    world.environ["IMGTOOL_PER_HOST"] = "5"
    assert (world.load()[0].per_host, world.load()[1]["per_host"]) == (5, "IMGTOOL_PER_HOST")
    settings, origins = world.load(per_host=6)
    assert (settings.per_host, origins["per_host"]) == (6, "--per-host")


def test_a_stronger_place_changes_only_what_it_says(world: World) -> None:
    world.user('safe = "off"\nper_host = 2')
    world.write("imgtool.toml", "per_host = 3")
    settings, _ = world.load(market="de-DE")
    assert (settings.safe, settings.per_host, settings.market) == ("off", 3, "de-DE")


def test_the_project_file_is_found_from_below(world: World) -> None:
    path = world.write("imgtool.toml", "")
    deep = world.project / "a" / "b"
    deep.mkdir(parents=True)
    assert project_file(deep) == path


def test_a_pyproject_counts_when_it_speaks_of_imgtool(world: World) -> None:
    (world.project.parent / "imgtool.toml").write_text("per_host = 1", "utf-8")
    world.write("pyproject.toml", '[project]\nname = "x"\n')
    assert world.load()[0].per_host == 1
    world.write("pyproject.toml", '[project]\nname = "x"\n[tool.imgtool]\nper_host = 9\n')
    assert world.load()[0].per_host == 9


def test_a_broken_pyproject_of_others_is_not_our_business(world: World) -> None:
    world.write("pyproject.toml", "[[[")
    assert world.load()[0] == Settings()


def test_a_named_file_stands_in_for_user_and_project(world: World) -> None:
    world.user("per_host = 2")
    world.write("imgtool.toml", "redirects = 1")
    named = world.write("other.toml", "retries = 0")
    settings = load(environ=world.environ, folder=world.project, config=named).settings
    assert (settings.per_host, settings.redirects, settings.retries) == (4, 5, 0)
    by_name = world.environ | {"IMGTOOL_CONFIG": str(named)}
    assert load(environ=by_name, folder=world.project).settings == settings


@pytest.mark.parametrize(
    ("xdg", "expected"),
    [("/etc/xdg", "/etc/xdg/imgtool/config.toml"), ("relative", "/home/x/.config/imgtool/config.toml")],
)
def test_the_user_file_lies_where_xdg_says(xdg: str, expected: str) -> None:
    assert user_file({"HOME": "/home/x", "XDG_CONFIG_HOME": xdg}) == Path(expected)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('bing_url = "http://127.0.0.1:8000/b/"', ("bing_url", "http://127.0.0.1:8000/b")),
        ('engines = ["bing", "openverse"]', ("engines", ("bing", "openverse"))),
        ('engines = "bing, bing,google"', ("engines", ("bing", "google"))),
        ("allow_private = true", ("allow_private", True)),
        ('body = "16 MiB"', ("body", 16 * 2**20)),
        ("body = 4096", ("body", 4096)),
        ("starts_per_second = 2", ("starts_per_second", 2.0)),
        ('licence = ["CC0", "by-sa"]', ("licence", ("cc0", "by-sa"))),
    ],
)
def test_values_are_read_as_they_are_meant(world: World, line: str, expected: tuple[str, object]) -> None:
    world.write("imgtool.toml", line)
    name, value = expected
    assert getattr(world.load()[0], name) == value


@pytest.mark.parametrize(("word", "meant"), [("1", True), ("yes", True), ("off", False), ("False", False)])
def test_switches_take_the_usual_words(world: World, word: str, meant: bool) -> None:
    world.environ["IMGTOOL_ALLOW_PRIVATE"] = word
    assert world.load()[0].allow_private is meant


def test_an_empty_variable_says_nothing(world: World) -> None:
    world.environ["IMGTOOL_PER_HOST"] = ""
    assert world.load()[1]["per_host"] == "default"


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("per_host = 0", "from 1 to 64"),
        ("per_host = true", "from 1 to 64"),
        ("per_host = 2.5", "from 1 to 64"),
        ('per_host = "many"', "from 1 to 64"),
        ("total = nan", "from 0.1 to 3600"),
        ('safe = "maybe"', "strict, moderate, off"),
        ('engines = ["bing", "altavista"]', "bing, google"),
        ('allow_private = "perhaps"', "true or false"),
        ('body = "2 parsec"', "32 MiB"),
        ('bing_url = "ftp://x"', "https://"),
        ('bing_url = "https://user:pw@x"', "without user"),
        ('contact = "two\\nlines"', "one line"),
        ('market = "everywhere"', "en-US"),
        ('out = ""', "a folder"),
    ],
)
def test_a_bad_value_names_file_key_value_and_rule(world: World, line: str, allowed: str) -> None:
    path = world.write("imgtool.toml", line)
    message = world.refusal()
    assert str(path) in message
    assert f"`{line.split(maxsplit=1)[0]}`" in message
    assert allowed in message


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("file", "Did you mean per_host?"),
        ("environment", "Did you mean IMGTOOL_PER_HOST?"),
    ],
)
def test_an_unknown_key_is_told_its_nearest(world: World, place: str, said: str) -> None:
    if place == "file":
        world.write("imgtool.toml", "per-hosts = 3")
    else:
        world.environ["IMGTOOL_PER_HOSTS"] = "3"
    assert said in world.refusal()


def test_broken_toml_says_the_line(world: World) -> None:
    path = world.write("imgtool.toml", "safe = strict\n")
    assert str(path) in world.refusal()
    assert "line 1" in world.refusal()


def test_a_missing_named_file_is_a_usage_error(world: World) -> None:
    with pytest.raises(UsageError, match=r"nowhere.toml cannot be read: No such file"):
        load(environ={}, folder=world.project, config=world.project / "nowhere.toml")


def test_the_bounds_are_those_of_a_run() -> None:
    ours = {field.name: field.default for field in fields(Settings)}
    theirs = {field.name: field.default for field in fields(Limits) if field.name != "user_agent"}
    assert {name: ours.get(name) for name in theirs} == theirs


def test_the_engines_that_can_be_named_are_those_there_are() -> None:
    assert set(ENGINES) == {"auto", *engines.ENGINES}
    assert all(Settings().base(name) for name in engines.ENGINES)


def test_every_default_obeys_its_own_rule() -> None:
    assert all(row.rule.read(row.default) == row.default for row in ROWS.values())


def test_every_row_is_described() -> None:
    assert all(row.about and row.rule.allowed for row in ROWS.values())


def test_a_key_comes_from_the_environment(world: World, tmp_path: Path) -> None:
    world.environ["IMGTOOL_FLICKR_KEY"] = KEY
    assert world.load()[0].keys.get("IMGTOOL_FLICKR_KEY") == KEY
    (tmp_path / "key").write_text(f"{KEY}\n", "utf-8")
    world.environ = {"HOME": str(tmp_path), "IMGTOOL_FLICKR_KEY_FILE": str(tmp_path / "key")}
    assert world.load()[0].keys.get("IMGTOOL_FLICKR_KEY") == KEY
    assert world.load()[0].keys.get("IMGTOOL_OTHER_KEY") == ""


def test_a_key_in_a_file_is_refused_and_not_repeated(world: World) -> None:
    world.write("imgtool.toml", f'flickr_key = "{KEY}"')
    message = world.refusal()
    assert "environment alone" in message
    assert KEY not in message


def test_a_key_of_two_lines_is_refused_and_not_repeated(world: World) -> None:
    world.environ["IMGTOOL_FLICKR_KEY"] = f"{KEY}\nX-Evil: 1"
    message = world.refusal()
    assert "IMGTOOL_FLICKR_KEY" in message
    assert KEY not in message


def test_a_missing_key_file_is_named(world: World) -> None:
    world.environ["IMGTOOL_FLICKR_KEY_FILE"] = "/no/such/file"
    assert "/no/such/file" in world.refusal()


def test_a_bad_proxy_is_refused_without_its_password(world: World) -> None:
    world.environ["IMGTOOL_PROXY"] = "socks9://me:pa55word@proxy"
    assert "pa55word" not in world.refusal()


def test_no_repr_shows_a_key(world: World) -> None:
    world.environ["IMGTOOL_FLICKR_KEY"] = KEY
    settings, _ = world.load()
    assert KEY not in repr(settings) + repr(settings.keys)
    assert "IMGTOOL_FLICKR_KEY" in repr(settings.keys)


def test_the_secrets_of_a_run_are_known(world: World) -> None:
    world.environ |= {"IMGTOOL_FLICKR_KEY": KEY, "IMGTOOL_PROXY": "http://me:p%40ss@proxy:8080"}
    loaded = load(environ=world.environ, folder=world.project)
    assert loaded.secrets == (KEY, "p%40ss", "p@ss")


@given(st.sampled_from(sorted(ROWS)), st.text(max_size=20))
def test_any_text_is_a_value_or_a_value_error(name: str, text: str) -> None:
    with contextlib.suppress(ValueError):
        rule = ROWS[name].rule
        assert rule.read(rule.read(text)) == rule.read(text)


def test_the_token_of_a_server_is_no_setting() -> None:
    assert list(from_environment({"IMGTOOL_TOKEN": "sixteen characters", "IMGTOOL_CONFIG": "x.toml"})) == []
