"""The front door as a process: quick, quiet, honest about how it ended."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

MAIN = "import sys; sys.argv[0] = 'imgtool'; from imgtool.cli import main; main()"
LOADED = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
ROOT = str(Path(__file__).parents[2])
HEAVY = {
    *("aiohttp", "bs4", "cv2", "imagehash", "keras", "lxml", "numpy", "PIL", "playwright", "pyarrow", "requests"),
    *("scipy", "simplejpeg", "tensorflow", "asyncio", "sqlite3", "pygments", "markdown_it", "rich.markdown"),
}
QUICK = 0.3  # seconds; counted in the processor's time, for a test machine is never idle
KEY = "s3cr3t-k3y-0123456789"


def process(code: str, *args: str, **more: str) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("IMGTOOL_")}
    environ |= {"PYTHONPATH": ROOT, "COLUMNS": "80", "XDG_CONFIG_HOME": "/nonexistent", **more}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, "-c", code, *args], env=environ, text=True, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
    )


def ended(started: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = started.communicate(timeout=60)
    return started.returncode, out, err


def imgtool(*args: str, **more: str) -> tuple[int, str, str]:
    return ended(process(MAIN, *args, **more))


@pytest.mark.parametrize(
    "code",
    ["import imgtool", "import imgtool; dir(imgtool)", f"sys.argv = ['imgtool', '--help']; {MAIN}"],
    ids=["import", "dir", "help"],
)
def test_nothing_heavy_stands_at_the_front_door(code: str) -> None:
    status, _, err = ended(process(LOADED + code))
    assert status == 0
    assert set(err.split()) & HEAVY == set()


@pytest.mark.parametrize("code", ["import imgtool", f"import sys; sys.argv = ['imgtool', '--help']; {MAIN}"])
def test_the_front_door_opens_at_once(code: str) -> None:
    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert ended(process(code))[0] == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(once() for _ in range(5)) < QUICK


def test_the_help_page_says_of_each_verb_what_the_verb_says_of_itself() -> None:
    from imgtool.cli.help import brief
    from imgtool.cli.verbs import VERBS, load

    assert dict(VERBS) == {name: brief(load(name)) for name in VERBS}


def test_a_verb_loads_no_other_verb() -> None:
    loaded = ended(process(LOADED + MAIN, "engines", "--help"))[2].split()
    assert "imgtool.cli.engines" in loaded
    assert "imgtool.cli.scrape" not in loaded


def test_the_version_is_the_package_s() -> None:
    from imgtool import __version__

    assert imgtool("--version") == (0, f"imgtool {__version__}\n", "")


def test_no_words_at_all_get_the_help() -> None:
    status, out, _ = imgtool()
    assert status == 0
    assert out.startswith("Usage: imgtool")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["scrap"], "Did you mean 'scrape', 'graph'?"),
        (["scrape", "--enginn", "bing"], "--engine"),
        (["scrape", "cat", "--n", "many"], "--n"),
        (["scrape", "cat", "--n", "0"], "--n"),
        (["scrape", "cat", "--size", "tiny"], "'small', 'medium'"),
        (["scrape"], "No class is named."),
        (["config"], "Missing command."),
        (["config", "show", "--config", "/no/such/file"], "/no/such/file"),
    ],
)
def test_what_makes_no_sense_exits_with_2_and_a_hint(args: list[str], said: str) -> None:
    status, out, err = imgtool(*args)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 2
    assert "\nhint: " in err


@pytest.mark.parametrize(
    ("args", "schema"),
    [
        (["--json"], "imgtool/main/1"),
        (["scrape", "--json"], "imgtool/scrape/1"),
        (["scrape", "--json", "--enginn"], "imgtool/scrape/1"),
        (["config", "show", "--json", "--origon"], "imgtool/config-show/1"),
        (["doctor", "--json", "--config", "/no/such/file"], "imgtool/doctor/1"),
    ],
)
def test_with_json_an_error_is_one_object_on_stdout(args: list[str], schema: str) -> None:
    status, out, err = imgtool(*args)
    found = json.loads(out)
    assert (status, err) == (2, "")
    assert (found["schema"], found["ok"], found["error"]["exit_code"]) == (schema, False, 2)
    assert set(found["error"]) == {"kind", "message", "hint", "exit_code"}


@pytest.mark.parametrize("args", [["config", "show", "--origin"], ["config", "path"], ["engines"], ["snippet"]])
def test_every_answer_is_also_an_object(args: list[str]) -> None:
    status, out, err = imgtool(*args, "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["ok"] is True


def test_config_says_who_said_so(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("per_host = 2")
    _, out, _ = imgtool("config", "show", "--origin", "--json", "--config", str(file), IMGTOOL_SAFE="off")
    origins = json.loads(out)["origins"]
    assert (origins["per_host"], origins["safe"], origins["body"]) == (str(file), "IMGTOOL_SAFE", "default")


@pytest.mark.parametrize("args", [["config", "show"], ["config", "show", "--json"], ["engines"], ["scrape", "-vv"]])
def test_no_command_shows_a_key(args: list[str]) -> None:
    proxy = f"http://me:{KEY}@proxy:8080"
    _, out, err = imgtool(*args, IMGTOOL_FLICKR_KEY=KEY, IMGTOOL_PROXY=proxy)
    assert KEY not in out + err


def test_no_terminal_no_colours() -> None:
    assert "\x1b" not in "".join(imgtool("--help")[1:])
    assert "\x1b" not in "".join(imgtool("scrape")[1:])


CRASH = "import imgtool.cli.app as a; a.app.command('crash')(lambda: [][0]); " + MAIN


def test_an_unexpected_exception_is_short_and_tells_how_to_see_more() -> None:
    status, out, err = ended(process(CRASH, "crash"))
    assert (status, out) == (1, "")
    assert err.startswith("error: Unexpected IndexError: list index out of range\nhint: ")
    assert "-vv" in err
    assert "Traceback" not in err


def test_an_unexpected_exception_is_an_object_too() -> None:
    status, out, _ = ended(process(CRASH.replace("lambda:", "lambda json=False:"), "crash", "--json"))
    assert status == 1
    assert json.loads(out)["error"]["kind"] == "Bug"


WAITING = """
import sys, asyncio
from imgtool.cli import main
from imgtool.cli.verb import verb, Common
from imgtool.cli.screen import Screen
def wait(screen: Screen, common: Common) -> None:
    async def forever():
        try:
            print("ready", file=sys.stderr, flush=True)
            await asyncio.sleep(60)
        finally:
            print("drained", file=sys.stderr, flush=True)
    asyncio.run(forever())
import imgtool.cli.app as a
a.app.command("wait")(verb("wait")(wait))
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("json_wanted", [False, True])
def test_a_signal_drains_and_has_its_exit_code(number: int, code: int, json_wanted: bool) -> None:
    started = process(WAITING, "wait", *(["--json"] if json_wanted else []))
    assert started.stderr is not None
    assert started.stderr.readline() == "ready\n"
    started.send_signal(number)
    status, out, err = ended(started)
    assert status == code
    assert err.startswith("drained\n")
    said = json.loads(out)["error"]["message"] if json_wanted else err
    assert "What was kept is safe." in said


def test_a_job_in_the_background_still_obeys_sigterm() -> None:
    started = process("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + WAITING, "wait")
    assert started.stderr is not None
    started.stderr.readline()
    started.send_signal(signal.SIGTERM)
    assert ended(started)[0] == 143


@pytest.mark.parametrize("args", [["--help"], ["config", "show"], ["snippet"], ["engines", "--json"]])
def test_a_reader_who_leaves_ends_us_without_a_word(args: list[str]) -> None:
    with process(MAIN, *args) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == ""
        assert started.wait(timeout=60) == 141


def test_letters_that_an_encoding_lacks_are_escaped() -> None:
    status, out, _ = imgtool("scrape", "--help", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert status == 0
    assert "\\u2026" in out


def test_bash_completes_commands_and_flags() -> None:
    asked = {"_IMGTOOL_COMPLETE": "complete_bash", "COMP_WORDS": "imgtool scrape --eng", "COMP_CWORD": "2"}
    status, out, _ = imgtool(**asked)
    assert (status, out.split()) == (0, ["--engine"])
    asked |= {"COMP_WORDS": "imgtool sc", "COMP_CWORD": "1"}
    assert imgtool(**asked)[1].split() == ["scrape"]
