"""Serving as a person uses it, in a real Chromium: dropped, pasted, photographed, drawn; by keys, on a phone."""

from __future__ import annotations

import base64
import io
import json
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from classify.digits.frame import normalised
from classify.nouns import Card, Judgement, Pixels
from curate.sights import eyes
from curate.team import Rules
from imgtool.pipeline.stands import Stand
from imgtool.web.serve import House
from scraper.limits import Limits
from tests.chromium import launched
from tests.hall import BLUE, GREEN, RED, Served, colours, plain, running
from tests.looked import CONTRAST, NAMELESS, WIDTHS, grave
from tests.made import tree
from tests.painted import encoded, oriented, scene
from tests.written import STROKES, drawn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")  # shows a test picture; allowed
PAGES = ("/", "/draw")
DRAWN = Path(__file__).parents[2] / "docs" / "pictures"
DOT = "data:image/png;base64," + base64.b64encode(plain(GREEN, (8, 8))).decode()
LOOKED = {
    "view": DOT,
    "heat": DOT,
    "why": "",
    "nearest": [{"label": "red <i>", "likeness": 0.91, "path": "red/1.jpg", "thumb": DOT}] * 3,
}


class Reader:
    """Reads digits by laying each of ten over them: no network, and good enough for one hand."""

    labels = tuple("0123456789")

    def __init__(self) -> None:
        self.batches: list[int] = []

    @cached_property
    def known(self) -> Any:
        return np.stack([normalised(drawn(digit, pen=0.12)) for digit in range(10)]).astype(np.float32)

    def eyes(self) -> Rules:
        return eyes(256, "whole")

    def judged(self, pixels: Sequence[Pixels], top: int) -> list[Judgement]:
        self.batches.append(len(pixels))
        return [self._judged(each, top) for each in pixels]

    def _judged(self, pixels: Pixels, top: int) -> Judgement:
        off = ((self.known - normalised(pixels).astype(np.float32)) ** 2).mean((1, 2))
        shares = np.exp(-off / 500)
        ranked = sorted(zip(self.labels, (shares / shares.sum()).tolist(), strict=True), key=lambda pair: -pair[1])
        return Judgement(tuple(ranked[:top]), sure=True)


def reader() -> Stand:
    return Stand("digits", Reader(), "digits", Card(Reader.labels, kind="digits", size=28))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched(*CAMERA) as browser:
        yield browser


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    folder = tmp_path_factory.mktemp("samples")
    for name, colour in (("a.png", RED), ("b.png", BLUE)):
        (folder / name).write_bytes(plain(colour))
    return folder / "a.png", folder / "b.png"


@pytest.fixture(scope="module")
def served(samples: tuple[Path, ...]) -> Iterator[Served]:
    """Two models of colours and one of digits; nothing is taught."""
    with running(colours(), colours("again"), reader(), house=House(samples=samples)) as running_one:
        yield running_one


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A window, in which no script may fail."""
    failed: list[str] = []
    with chromium.new_context(viewport={"width": 1200, "height": 800}) as made:
        made.set_default_timeout(15_000)
        made.on("weberror", lambda error: failed.append(str(error.error)))
        yield made
    assert failed == []


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Page:
    return opened(context, served)


def opened(context: BrowserContext, served: Served, path: str = "/") -> Page:
    """A page; what its models look at is told by the test."""
    page = context.new_page()
    page.route("**/api/look?*", lambda route: route.fulfill(json=LOOKED))
    page.goto(served.at + path)
    return page


def file(name: str, data: bytes, kind: str = "image/png") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": data}


def given(page: Page, *files: FilePayload) -> None:
    page.set_input_files("#files", list(files))


def verdicts(page: Page) -> Any:
    return page.locator(".seen h2")


TRANSFER = """([name, kind, data]) => {
  const held = new DataTransfer();
  held.items.add(new File([Uint8Array.from(atob(data), c => c.charCodeAt(0))], name, {type: kind}));
  return held;
}"""


def held(page: Page, data: bytes) -> Any:
    return page.evaluate_handle(TRANSFER, ["held.png", "image/png", base64.b64encode(data).decode()])


# --- pictures come in


def test_a_dropped_picture_is_shown_and_named(page: Page) -> None:
    transfer = held(page, plain(RED))
    page.dispatch_event("#drop", "dragenter", {"dataTransfer": transfer})
    expect(page.locator("#drop")).to_have_class("drop over")
    page.dispatch_event("#drop", "drop", {"dataTransfer": transfer})
    expect(verdicts(page)).to_have_text("red")
    expect(page.locator("#drop")).to_have_class("drop")
    assert page.locator(".names tbody tr").all_inner_texts()[0].split("\t")[:2] == ["red", "92.6 %"]
    assert page.evaluate("document.querySelector('.view').naturalWidth") == 60
    expect(page.locator("#heard")).to_have_text("held.png: red 92.6 %")


def test_a_pasted_picture_is_named(page: Page) -> None:
    page.evaluate(
        "held => document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: held, bubbles: true}))",
        held(page, plain(BLUE)),
    )
    expect(verdicts(page)).to_have_text("blue")


def test_of_many_chosen_at_once_each_has_its_answer_or_its_reason(page: Page) -> None:
    broken = encoded(scene(), "JPEG")[:900]
    given(page, file("1.png", plain(RED)), file("notes.png", b"just some words, no picture"), file("3.jpg", broken))
    expect(verdicts(page)).to_have_text(["red", "Not recognised", "Not recognised"])
    expect(page.locator(".seen").nth(1)).to_contain_text("This is no picture: text.")
    expect(page.locator(".seen").nth(2)).to_contain_text("The end of the picture is missing")
    expect(page.locator("#heard")).to_contain_text("notes.png: This is no picture")


def test_doubt_is_said_with_its_reason(page: Page) -> None:
    given(page, file("grey.png", plain((90, 90, 90))))
    expect(verdicts(page)).to_have_text("Not sure")
    expect(page.locator(".why")).to_have_text("red or green <b>")


def test_a_photograph_lies_upright(page: Page) -> None:
    given(page, file("side.jpg", encoded(scene(200, 100), "JPEG", exif=oriented(6))))
    expect(verdicts(page)).to_have_count(1)
    page.wait_for_function("() => document.querySelector('.view').complete")
    box = page.locator(".view").bounding_box()
    assert box is not None
    assert box["height"] > 1.9 * box["width"]


def test_what_the_browser_cannot_show_the_server_does(page: Page) -> None:
    given(page, file("scan.tiff", plain(RED, kind="TIFF"), "image/tiff"))
    expect(verdicts(page)).to_have_text("red")
    page.wait_for_function("() => document.querySelector('.view').naturalWidth === 8")


def test_a_file_too_large_is_not_even_sent(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => {
          const held = new DataTransfer();
          held.items.add(new File([new Uint8Array(33 * 2 ** 20)], 'film.png'));
          const field = document.getElementById('files');
          field.files = held.files;
          field.dispatchEvent(new Event('change'));
        }"""
    )
    expect(page.locator(".why")).to_have_text("It has 33 MiB; 32 is the most.")
    assert not [url for url in asked if "/api/" in url]


def test_samples_can_be_tried_and_a_lost_one_is_told(page: Page) -> None:
    page.get_by_role("button", name="Sample picture 2").click()
    expect(verdicts(page)).to_have_text("blue")
    page.route("**/sample/0", lambda route: route.fulfill(status=404, body="gone"))
    page.get_by_role("button", name="Sample picture 1").click()
    expect(page.locator("#said")).to_have_text("That did not work (404).")


def test_the_camera_is_asked_for_on_a_click_and_let_go(page: Page) -> None:
    page.get_by_role("button", name="Camera").click()
    page.wait_for_function("() => document.querySelector('video').videoWidth > 0")
    page.get_by_role("button", name="Take the picture").click()
    expect(verdicts(page)).to_have_count(1)
    expect(page.locator("figcaption")).to_have_text("camera.jpg")
    expect(page.locator("#finder")).not_to_be_visible()
    assert page.evaluate("document.querySelector('video').srcObject") is None


def test_addresses_are_fetched_only_where_that_was_allowed(page: Page) -> None:
    expect(page.locator("#address")).to_have_count(0)
    page.evaluate(
        """() => { const held = new DataTransfer(); held.setData('text/uri-list', 'http://127.0.0.1/cat.jpg');
        document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: held, bubbles: true})); }"""
    )
    expect(page.locator("#said")).to_contain_text("addresses are not fetched here")


@pytest.mark.parametrize(("private", "says"), [(True, "red"), (False, "That address is not fetched")])
def test_an_address_is_fetched_the_guarded_way(
    context: BrowserContext, samples: tuple[Path, ...], private: bool, says: str
) -> None:
    house = House(samples=samples, allow_url=True, limits=Limits(allow_private=private, ignore_robots=True))
    with running(house=house) as served:
        page = opened(context, served)
        page.get_by_label("Address of a picture").fill(served.at + "/sample/0")
        page.get_by_role("button", name="Fetch it").click()
        expect(verdicts(page) if private else page.locator("#said")).to_contain_text(says)


# --- what is done with them


def test_another_model_is_asked_about_all_that_is_shown(page: Page) -> None:
    given(page, file("1.png", plain(RED)), file("2.png", plain(BLUE)))
    expect(verdicts(page)).to_have_text(["red", "blue"])
    with page.expect_request("**/api/predict?model=again*"):
        page.get_by_label("again").check(force=True)
    expect(verdicts(page)).to_have_text(["red", "blue"])


def test_a_model_named_in_the_address_is_chosen(context: BrowserContext, served: Served) -> None:
    page = opened(context, served, "/?model=again")
    assert page.locator("input[name=model]:checked").input_value() == "again"


def test_what_it_looked_at_is_laid_over_on_a_toggle(page: Page) -> None:
    given(page, file("1.png", plain(RED)))
    toggle = page.get_by_role("button", name="What it looked at")
    expect(page.locator(".heat")).to_be_hidden()
    toggle.click()
    expect(page.locator(".heat")).to_be_visible()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert page.locator(".heat").bounding_box() == page.locator(".stack").bounding_box()
    expect(page.locator(".nearest li")).to_have_count(3)
    expect(page.locator(".nearest li").first).to_contain_text("red <i>")
    toggle.click()
    expect(page.locator(".heat")).to_be_hidden()


def test_what_speaks_for_another_name_is_looked_at_too(page: Page) -> None:
    given(page, file("1.png", plain(RED)))
    with page.expect_request("**/api/look?*label=blue"):
        page.get_by_label("for").select_option("blue")
    expect(page.get_by_role("button", name="What it looked at")).to_be_visible()


def test_where_nothing_can_be_laid_over_it_says_why(page: Page) -> None:
    page.unroute("**/api/look?*")
    told: dict[str, Any] = {"view": DOT, "heat": None, "why": "This network has no map.", "nearest": []}
    page.route("**/api/look?*", lambda route: route.fulfill(json=told))
    given(page, file("1.png", plain(RED)))
    expect(page.locator(".dim")).to_have_text("This network has no map.")
    expect(page.get_by_role("button", name="What it looked at")).to_be_hidden()
    expect(page.locator(".nearest")).to_be_hidden()


def test_a_full_line_is_waited_for(page: Page) -> None:
    times: list[str] = []

    def answer(route: Route) -> None:
        times.append(route.request.url)
        if len(times) > 2:
            route.continue_()
        else:
            route.fulfill(status=429, headers={"retry-after": "0.05"}, json={"error": {"reason": "too_many"}})

    page.route("**/api/predict?*", answer)
    given(page, file("1.png", plain(RED)))
    expect(verdicts(page)).to_have_text("red")
    assert len(times) == 3


def test_a_server_that_ended_is_said_to_have_ended(page: Page) -> None:
    page.route("**/api/predict?*", lambda route: route.abort())
    given(page, file("1.png", plain(RED)))
    expect(page.locator(".why")).to_have_text("imgtool is not running any more.")
    page.unroute("**/api/predict?*")
    page.get_by_label("again").check(force=True)
    expect(verdicts(page)).to_have_text("red")


def test_pictures_are_removed_one_by_one_or_all(page: Page) -> None:
    given(page, *(file(f"{n}.png", plain(RED)) for n in range(3)))
    page.get_by_role("button", name="Remove 1.png").click()
    expect(page.locator("figcaption")).to_have_text(["0.png", "2.png"])
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Remove 2.png"
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".seen")).to_have_count(0)
    expect(page.locator("#end")).to_be_hidden()


def test_all_can_be_done_by_keys_alone(page: Page) -> None:
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    for reached in ("main", "/", "/draw", "/card", "colours", "files"):
        page.keyboard.press("Tab")
        name = "e => e.getAttribute('href')?.replace('#', '') || e.id || e.value"
        assert page.evaluate(f"({name})(document.activeElement)") == reached
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files([file("1.png", plain(RED))])
    expect(verdicts(page)).to_have_text("red")
    page.get_by_role("button", name="What it looked at").focus()
    page.keyboard.press("Space")
    expect(page.locator(".heat")).to_be_visible()


# --- teaching


def test_without_a_ticket_nobody_sees_how_to_teach(context: BrowserContext, tmp_path: Path) -> None:
    with running(house=House(data=dataset(tmp_path))) as served:
        page = opened(context, served)
        given(page, file("1.png", plain(RED)))
        expect(verdicts(page)).to_have_text("red")
        expect(page.locator(".teach")).to_have_count(0)


def test_what_it_got_wrong_waits_for_review_under_its_right_name(context: BrowserContext, tmp_path: Path) -> None:
    root = dataset(tmp_path)
    before = tree(root)
    with running(house=House(data=root)) as served:
        page = opened(context, served)
        page.goto(served.door.address)
        page.wait_for_url(served.at + "/")
        page.wait_for_function("() => document.getElementById('labels')")
        assert served.door.token not in page.content()
        given(page, file("1.png", encoded(scene(seed=5))))
        page.get_by_text("Wrong? Say what it is").click()
        page.get_by_label("It is").fill("salmon")
        page.get_by_role("button", name="Put it up for review").click()
        expect(page.locator(".taught")).to_contain_text("It waits to be reviewed as salmon, a new class.")
        assert tree(root) == before, "no class has it yet"
        page.get_by_role("link", name="Review it").click()
        expect(page.locator("main")).to_contain_text("salmon")


def dataset(folder: Path) -> Path:
    for label, colour in (("red", RED), ("blue", BLUE)):
        (folder / "set" / label).mkdir(parents=True)
        (folder / "set" / label / "1.png").write_bytes(plain(colour))
    return folder / "set"


# --- drawing


def stroked(page: Page, digit: int) -> None:
    box = page.locator("#paper").bounding_box()
    assert box is not None
    for stroke in STROKES[digit]:
        for place, (x, y) in enumerate(stroke):
            page.mouse.move(box["x"] + box["width"] * (0.3 + 0.4 * x), box["y"] + box["height"] * (0.2 + 0.6 * y))
            if not place:
                page.mouse.down()
        page.mouse.up()


@pytest.mark.parametrize("digit", [3, 4, 8])
def test_a_drawn_digit_is_read_with_all_ten_scores(context: BrowserContext, served: Served, digit: int) -> None:
    page = opened(context, served, "/draw")
    stroked(page, digit)
    expect(page.locator("#answer")).to_have_text(str(digit))
    expect(page.locator("#scores .best th")).to_have_text(str(digit))
    assert page.locator("#scores th").all_inner_texts() == list("0123456789")
    expect(page.locator("#heard")).to_contain_text(f"{digit} ")


def test_every_stroke_is_answered_and_never_two_at_once(context: BrowserContext, served: Served) -> None:
    context.add_init_script(
        """const real = fetch;
        window.now = window.most = window.all = 0;
        window.fetch = async (...asked) => {
          window.most = Math.max(window.most, ++window.now);
          window.all++;
          const [reply] = await Promise.all([real(...asked), new Promise(done => setTimeout(done, 40))]);
          window.now--;
          return reply;
        };"""
    )
    page = opened(context, served, "/draw")
    box = page.locator("#paper").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    expect(page.locator("#answer")).not_to_have_text("–")
    for step in range(40):
        page.mouse.move(box["x"] + 100 + 2 * step, box["y"] + 100 + 5 * step)
    expect(page.locator("#answer")).to_have_text("1")
    page.mouse.up()
    assert page.evaluate("window.most") == 1
    assert 1 < page.evaluate("window.all") < 40


def test_strokes_are_taken_back_and_paper_cleared(context: BrowserContext, served: Served) -> None:
    page = opened(context, served, "/draw")
    for button in ("Undo", "Clear", "Download"):
        expect(page.get_by_role("button", name=button)).to_be_disabled()
    blank = page.evaluate("document.getElementById('paper').toDataURL()")
    stroked(page, 4)
    expect(page.locator("#answer")).to_have_text("4")
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate("document.getElementById('paper').toDataURL()") != blank
    page.keyboard.press("Control+z")
    assert page.evaluate("document.getElementById('paper').toDataURL()") == blank
    expect(page.locator("#answer")).to_have_text("–")
    stroked(page, 1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#answer")).to_have_text("–")
    assert page.evaluate("document.getElementById('paper').toDataURL()") == blank


def test_a_drawing_is_downloaded_as_it_is(context: BrowserContext, served: Served, tmp_path: Path) -> None:
    page = opened(context, served, "/draw")
    stroked(page, 7)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "drawing.png")
    assert download.value.suggested_filename == "drawing.png"
    body = (tmp_path / "drawing.png").read_bytes()
    assert served.predict(body, "?model=digits").json()["predictions"][0]["label"] == "7"


def test_the_pen_is_as_wide_as_was_chosen(context: BrowserContext, served: Served) -> None:
    page = opened(context, served, "/draw")
    inked = """() => { const paper = document.getElementById('paper');
      const all = paper.getContext('2d').getImageData(0, 0, paper.width, paper.height).data;
      let dark = 0; for (let i = 0; i < all.length; i += 4) dark += all[i] < 128; return dark; }"""
    amounts = []
    for width in ("3", "12"):
        page.locator("#brush").fill(width)
        stroked(page, 1)
        amounts.append(page.evaluate(inked))
        page.get_by_role("button", name="Clear").click()
    assert amounts[1] > 2 * amounts[0]


def test_a_finger_draws_and_the_page_does_not_scroll(chromium: Browser, served: Served) -> None:
    with chromium.new_context(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True) as phone:
        page = opened(phone, served, "/draw")
        box = page.locator("#paper").bounding_box()
        assert box is not None
        touch = phone.new_cdp_session(page)
        at = [(box["x"] + box["width"] / 2, box["y"] + box["height"] * share) for share in (0.2, 0.4, 0.6, 0.8)]
        for kind, points in [("touchStart", at[:1]), *(("touchMove", [point]) for point in at[1:]), ("touchEnd", [])]:
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})
        expect(page.locator("#answer")).to_have_text("1")
        assert page.evaluate("scrollY") == 0


def test_arrow_keys_draw_too(context: BrowserContext, served: Served) -> None:
    page = opened(context, served, "/draw")
    page.locator("#paper").focus()
    page.keyboard.press("Space")
    for _ in range(22):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_have_text("1")
    page.keyboard.press("u")
    expect(page.locator("#answer")).to_have_text("–")


def test_where_no_digits_are_served_nobody_is_led_to_draw(context: BrowserContext) -> None:
    with running() as served:
        page = opened(context, served)
        expect(page.get_by_role("link", name="Draw")).to_have_count(0)
        expect(page.locator(".models")).to_be_hidden()
        page.goto(served.at + "/draw")
        expect(page.locator("main")).to_contain_text("No model of digits is served.")


# --- everywhere


def test_no_request_leaves_this_machine_and_nothing_is_complained_of(context: BrowserContext, served: Served) -> None:
    asked: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    for path in PAGES:
        page = opened(context, served, path)
        if path == "/":
            given(page, file("1.png", plain(RED)))
            expect(verdicts(page)).to_have_text("red")
        else:
            stroked(page, 3)
            expect(page.locator("#answer")).to_have_text("3")
        page.wait_for_load_state("networkidle")
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {f"127.0.0.1:{served.door.port}"}
    assert said == []


@pytest.mark.parametrize("path", PAGES)
def test_the_first_paint_comes_at_once(context: BrowserContext, served: Served, path: str) -> None:
    """200 ms; where others keep the machine busy, six times what Chromium takes there for one bare word."""
    ours = painted(context, served.at + path)
    assert ours < 200 or ours < 6 * painted(context, served.at + "/healthz")


def painted(context: BrowserContext, url: str) -> float:
    """ms to the first paint, the best of three."""
    first, times = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime", []
    for _ in range(3):
        page = context.new_page()
        page.goto(url)
        page.wait_for_function(f"() => {first}")
        times.append(float(page.evaluate(first)))
        page.close()
    return min(times)


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_all_of_it_without_scrolling_sideways(chromium: Browser, served: Served, path: str) -> None:
    with chromium.new_context(viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True) as phone:
        page = opened(phone, served, path)
        if path == "/":
            given(page, file("a-name-" + "long" * 30 + ".png", plain(RED)), file("2.png", b"x" * 99))
            expect(page.locator(".nearest li")).to_have_count(3)
        assert page.evaluate(WIDTHS) == [360, 360]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_by_day_and_by_night(chromium: Browser, served: Served, scheme: Any) -> None:
    with chromium.new_context(color_scheme=scheme) as made:
        page = opened(made, served)
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(v => v < 60)")
        assert dark == (scheme == "dark")
        given(page, file("1.png", plain(RED)), file("2.png", b"x" * 99))
        page.get_by_role("button", name="What it looked at").first.click()
        assert page.evaluate(CONTRAST) == []
        page.goto(served.at + "/draw")
        stroked(page, 3)
        expect(page.locator("#answer")).to_have_text("3")
        assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_control_has_a_name_and_every_page_a_heading(context: BrowserContext, served: Served, path: str) -> None:
    page = opened(context, served, path)
    if path == "/":
        given(page, file("1.png", plain(RED)))
        expect(page.locator(".nearest li")).to_have_count(3)
    assert [page.locator(each).count() for each in ("h1", "main")] == [1, 1]
    assert page.evaluate(NAMELESS) == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(context: BrowserContext, served: Served, path: str) -> None:
    page = opened(context, served, path)
    if path == "/":
        given(page, file("1.png", plain(RED)))
        expect(page.locator(".nearest li")).to_have_count(3)
    found = grave(page)
    assert found == [], json.dumps(found, indent=1)


@pytest.mark.timeout(600)
@pytest.mark.skipif("IMGTOOL_SHOOT" not in os.environ, reason="IMGTOOL_SHOOT=1 draws the pictures of the docs anew")
def test_the_pictures_of_the_docs_are_drawn(chromium: Browser, tmp_path: Path) -> None:
    from imgtool.demo.painter import draw
    from imgtool.demo.teaching import learning
    from imgtool.pipeline.stands import stands
    from imgtool.pipeline.train import train

    for label in ("sailboat", "cactus", "lighthouse"):
        (tmp_path / "data" / label).mkdir(parents=True)
        for number in range(80):
            (tmp_path / "data" / label / f"{number}.jpg").write_bytes(encoded(draw(label, number, 1), "JPEG"))
    train(tmp_path / "data", learning(), tmp_path / "harbour.keras")
    new = [file(f"{label}.jpg", encoded(draw(label, 200, 9), "JPEG")) for label in ("lighthouse", "sailboat")]
    day: dict[str, Any] = {"viewport": {"width": 1100, "height": 780}}
    night: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
    with running(*stands([tmp_path / "harbour.keras"]), reader(), house=House(data=tmp_path / "data")) as served:
        for name, options in (("recognise", day), ("phone", night), ("draw", day)):
            with chromium.new_context(reduced_motion="reduce", **options) as made:
                page = made.new_page()
                page.goto(served.door.address)
                page.wait_for_selector("#labels", state="attached")
                if name == "draw":
                    page.goto(served.at + "/draw")
                    stroked(page, 3)
                    expect(page.locator("#answer")).to_have_text("3")
                else:
                    given(page, *new)
                    for place in range(2):
                        page.locator(".nearest li").nth(6 * place).scroll_into_view_if_needed(timeout=60_000)
                        page.get_by_role("button", name="What it looked at").nth(place).click()
                    page.locator("body" if name == "recognise" else ".seen").first.evaluate("at => at.scrollIntoView()")
                page.mouse.move(0, 0)
                shot(page, f"serve-{name}.png")


def shot(page: Page, name: str) -> None:
    """What the window shows, as a file of the docs."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(DRAWN / name, optimize=True)  # a third of the bytes
