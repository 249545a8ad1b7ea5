"""The doctor: machine checks that look, and engines that are asked one question each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from imgtool.pipeline.doctor import EngineHealth, visit
from imgtool.pipeline.machine import disk, folder, inspect, standing
from imgtool.records import Reason
from imgtool.settings import Keys, Settings
from scraper.doorway import Stream, Unreachable
from scraper.reply import Reply

EMPTY_BING = b'<html><body><div id="b_content"></div></body></html>'


class Answering:
    """A network where every address gives the same answer."""

    def __init__(self, answer: Callable[[str], Reply]) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def page(self, url: str, headers: Mapping[str, str] | None = None, **more: object) -> Reply:
        self.asked.append(url)
        return self.answer(url)

    def open(
        self, url: str, headers: Mapping[str, str] | None = None, **more: object
    ) -> AbstractAsyncContextManager[Stream]:
        raise NotImplementedError


def unreachable(url: str) -> Reply:
    raise Unreachable(Reason.DNS, f"no such host in {url[:12]}")


def examined(network: Answering, settings: Settings | None = None) -> dict[str, EngineHealth]:
    return {each.engine: each for each in asyncio.run(visit(settings or Settings(), network))}


def test_without_a_network_every_engine_is_out_of_reach() -> None:
    found = examined(Answering(unreachable))
    assert {each.verdict for name, each in found.items() if name != "flickr"} == {"error"}
    assert not any(each.answers for each in found.values())


def test_an_engine_without_its_key_is_not_asked() -> None:
    network = Answering(unreachable)
    assert "IMGTOOL_FLICKR_KEY" in examined(network)["flickr"].detail
    assert not any("flickr" in url for url in network.asked)


def test_an_engine_with_its_key_is_asked_at_its_setting() -> None:
    network = Answering(unreachable)
    keys = Keys((("IMGTOOL_FLICKR_KEY", "k3y-of-mine"),))
    examined(network, replace(Settings(), keys=keys, flickr_url="http://127.0.0.1:9"))
    assert any(url.startswith("http://127.0.0.1:9") for url in network.asked)


@pytest.mark.parametrize("status", [429, 403])
def test_a_block_is_told_as_a_block(status: int) -> None:
    found = examined(Answering(lambda url: Reply(status, url)))
    assert found["bing"].verdict.startswith("blocked")


def test_no_answer_is_ever_mistaken_for_pictures() -> None:
    found = examined(Answering(lambda url: Reply(200, url, body=EMPTY_BING)))
    assert not any(each.answers for each in found.values())


def test_the_machine_is_looked_at() -> None:
    assert [check.name for check in inspect(Settings())] == ["python", "folder", "disk", "browser"]
    assert all(check.said for check in inspect(Settings()))


def test_a_folder_that_is_not_there_yet_is_judged_by_the_one_above(tmp_path: Path) -> None:
    settings = replace(Settings(), out=str(tmp_path / "a" / "b"))
    assert standing(tmp_path / "a" / "b") == tmp_path
    assert folder(settings).good
    assert disk(settings).said.endswith("free")
    assert not (tmp_path / "a").exists()


def test_a_folder_that_cannot_be_written_is_told_so() -> None:
    assert not folder(replace(Settings(), out="/proc/imgtool")).good


def test_a_browser_that_nobody_wants_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    good = {check.name: check.good for check in inspect(replace(Settings(), browser="never"))}
    assert good["browser"]
    assert not {check.name: check.good for check in inspect(Settings())}["browser"]
