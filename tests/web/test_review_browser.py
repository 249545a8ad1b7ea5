"""The review as a person uses it, in a real Chromium: keys, touch, dark, small, offline, read aloud."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from imgtool.demo.painter import SUBJECTS, draw
from imgtool.pipeline.suspicions import suspicions
from tests.chromium import launched
from tests.desk import Review, running
from tests.looked import CONTRAST, grave
from tests.made import tree
from tests.painted import encoded, scene

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PAGES = ("/", "/groups", "/conflicts", "/findings", "/class?label=cat", "/history")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def files() -> dict[str, bytes]:
    drawn = {f"cat/{n}.jpg": encoded(scene(320, 240, seed=n), "JPEG") for n in range(1, 13)}
    return drawn | {
        "cat/1-copy.jpg": encoded(scene(160, 120, seed=1), "JPEG"),
        "cat/2-copy.jpg": encoded(scene(200, 150, seed=2), "JPEG"),
        "cat/dark.png": encoded(scene(seed=70) // 8),
        "dog/2.jpg": drawn["cat/3.jpg"],
        "dog/dark.png": encoded(scene(seed=71) // 8),
        "dog/9.jpg": encoded(scene(240, 320, seed=9), "JPEG"),
    }


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Review]:
    with running(tmp_path / "animals", files()) as running_one:
        yield running_one


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Review]:
    """One that is looked at and not changed."""
    many = {f"many/{n}.jpg": encoded(scene(64, 64, seed=n), "JPEG") for n in range(100, 190)}
    with running(tmp_path_factory.mktemp("calm") / "animals", files() | many) as running_one:
        yield running_one


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 1280, "height": 800})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, review: Review) -> Page:
    """A page that came in by the address, and on which no script may fail."""
    return entered(context, review)


def entered(context: BrowserContext, review: Review) -> Page:
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(review.door.address)
    page.wait_for_selector("nav[aria-label=Pages]")
    return page


def shown(page: Page, review: Review, path: str) -> None:
    """Go there, and wait until it is painted: Chromium takes no key before."""
    page.goto(review.at + path)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def marks(page: Page) -> list[str]:
    return list(page.eval_on_selector_all("[role=option]", "all => all.map(c => c.dataset.mark ?? '')"))


def said(page: Page, words: str) -> None:
    expect(page.locator("#said")).to_contain_text(words)


def test_the_address_leads_in_and_leaves_no_token_behind(context: BrowserContext, calm: Review) -> None:
    page = entered(context, calm)
    assert page.url == calm.at + "/"
    assert calm.door.token not in page.content()
    assert page.evaluate("document.cookie") == "", "no script can read it"
    page.reload()
    expect(page.locator("h1")).to_have_text("animals")


def test_a_stranger_sees_a_word_and_no_picture(context: BrowserContext, calm: Review) -> None:
    page = context.new_page()
    page.goto(calm.at + "/class?label=cat")
    expect(page.locator("main")).to_contain_text("Open the whole address")
    page.goto(calm.at + "/#wrong")
    expect(page.locator("main")).to_contain_text("not the address")


def test_d_drops_u_brings_back_and_the_focus_moves_on(page: Page, review: Review) -> None:
    before = tree(review.desk.dataset.root)
    shown(page, review, "/class?label=cat")
    page.keyboard.press("d")
    said(page, "1 picture dropped.")
    page.keyboard.press("d")
    expect(page.locator("[data-mark=dropped]")).to_have_count(2)
    said(page, "1 picture dropped.")
    assert page.evaluate("document.activeElement === document.querySelectorAll('[role=option]')[2]")
    page.wait_for_function("fetch('/history').then(r => r.text()).then(t => t.split('data-undo').length === 3)")
    left = len(before) - 2  # a change is in the history a moment before its file has moved
    for _ in range(250):
        if len(tree(review.desk.dataset.root)) == left:
            break
        page.wait_for_timeout(20)
    assert len(tree(review.desk.dataset.root)) == left

    page.keyboard.press("u")
    expect(page.locator("[data-mark=dropped]")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(page.locator("[data-mark=dropped]")).to_have_count(0)
    assert tree(review.desk.dataset.root) == before


def test_a_number_moves_to_that_class(page: Page, review: Review) -> None:
    shown(page, review, "/class?label=cat")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("2")
    said(page, "1 picture moved to dog.")
    assert marks(page)[:3] == ["", "moved", ""]
    assert review.desk.dataset.count("dog") == 4


def test_g_takes_the_proposal_and_shift_k_keeps_the_group(page: Page, review: Review) -> None:
    shown(page, review, "/groups")
    page.keyboard.press("g")
    said(page, "1 picture dropped.")
    assert marks(page) == ["", "dropped", "", ""]
    page.keyboard.press("Shift+K")
    said(page, "kept.")
    expect(page.locator("[data-left=groups]")).to_have_text("0")


def test_a_range_is_selected_by_shift_and_acts_as_one(page: Page, review: Review) -> None:
    shown(page, review, "/class?label=cat")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-chosen]")).to_have_text("4 selected")
    page.keyboard.press("Escape")
    expect(page.locator("[data-chosen]")).to_have_text("")
    page.keyboard.press("a")
    expect(page.locator("[aria-selected=true]")).to_have_count(15)
    page.get_by_role("button", name="Drop").click()
    said(page, "15 pictures dropped.")
    page.keyboard.press("u")
    expect(page.locator("[data-mark]")).to_have_count(0)
    assert len(tree(review.desk.dataset.root)) == len(files())


def test_clicks_choose_as_they_do_in_a_file_manager(page: Page, review: Review) -> None:
    shown(page, review, "/class?label=cat")
    cards = page.get_by_role("option")
    cards.nth(1).click()
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    cards.nth(4).click(modifiers=["Shift"])
    expect(page.locator("[aria-selected=true]")).to_have_count(4)
    cards.nth(2).click(modifiers=["Control"])
    expect(page.locator("[aria-selected=true]")).to_have_count(3)
    page.get_by_label("Move to class").select_option("dog")
    said(page, "3 pictures moved to dog.")


def test_enlarged_the_same_keys_go_on(page: Page, review: Review) -> None:
    shown(page, review, "/findings")
    page.keyboard.press("Enter")
    expect(page.locator("#large .facts")).to_contain_text("sha256")
    page.keyboard.press("d")
    said(page, "1 picture dropped.")
    expect(page.locator("#large .facts")).to_contain_text("dog/dark.png")
    page.keyboard.press("Escape")
    expect(page.locator("#large")).not_to_be_visible()
    assert marks(page) == ["dropped", ""]


def test_while_somebody_else_writes_the_mark_goes_back_and_says_who(page: Page, review: Review) -> None:
    shown(page, review, "/class?label=cat")
    with review.desk.dataset.writing():
        page.keyboard.press("d")
        said(page, f"process {os.getpid()}")
        assert not any(marks(page))


def test_the_next_page_begins_where_this_one_will_end(page: Page, review: Review) -> None:
    for n in range(100, 200):
        (review.desk.dataset.root / "cat" / f"{n}.jpg").write_bytes(encoded(scene(64, 64, seed=n), "JPEG"))
    review.post("/look", {})
    shown(page, review, "/class?label=cat")
    on_first = page.eval_on_selector_all("[role=option]", "all => all.map(card => card.dataset.id)")
    page.keyboard.press("d")
    said(page, "1 picture dropped.")
    page.keyboard.press("]")
    page.wait_for_url("**start=99")
    on_second = page.eval_on_selector_all("[role=option]", "all => all.map(card => card.dataset.id)")
    assert len(set(on_first) | set(on_second)) == 115, "none is passed over"


def test_a_finding_is_dropped_whole_after_a_question(page: Page, review: Review) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(review.at + "/findings?check=dark")
    page.get_by_role("button", name="Drop all 2").click()
    expect(page.locator(".empty")).to_be_visible()
    page.goto(review.at + "/history")
    page.get_by_role("button", name="Undo change 1").click()
    expect(page.locator("tr.undone")).to_have_count(1)
    assert len(tree(review.desk.dataset.root)) == len(files())


def test_no_request_leaves_this_machine(context: BrowserContext, calm: Review) -> None:
    asked: list[str] = []
    failed: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = entered(context, calm)
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: failed.append(str(error)))
    for path in PAGES:
        page.goto(calm.at + path)
        page.wait_for_load_state("networkidle")
    assert {url.split("/")[2] for url in asked} == {f"127.0.0.1:{calm.door.port}"}
    assert failed == []


@pytest.mark.parametrize("path", [*PAGES, "/class?label=many"])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(chromium: Browser, calm: Review, path: str) -> None:
    phone = chromium.new_context(viewport={"width": 360, "height": 300}, has_touch=True, is_mobile=True)
    page = entered(phone, calm)
    page.goto(calm.at + path)
    assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [360, 360]
    phone.close()


def test_on_a_phone_a_tap_selects(chromium: Browser, review: Review) -> None:
    phone = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = entered(phone, review)
    shown(page, review, "/class?label=cat")
    for n in (0, 1):
        page.get_by_role("option").nth(n).tap()
    expect(page.locator("[data-chosen]")).to_have_text("2 selected")
    page.get_by_role("button", name="Drop").tap()
    said(page, "2 pictures dropped.")
    assert page.evaluate("[innerWidth, document.documentElement.scrollWidth, visualViewport.scale]") == [360, 360, 1]
    phone.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read_by_day_and_by_night(chromium: Browser, calm: Review, scheme: Any) -> None:
    with chromium.new_context(color_scheme=scheme) as made:
        page = entered(made, calm)
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(v => v < 60)")
        assert dark == (scheme == "dark")
        for path in PAGES:
            page.goto(calm.at + path)
            assert page.evaluate(CONTRAST) == [], path


@pytest.mark.parametrize("path", PAGES)
def test_every_control_has_a_name_and_every_page_a_heading(context: BrowserContext, calm: Review, path: str) -> None:
    page = entered(context, calm)
    page.goto(calm.at + path)
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.evaluate("document.documentElement.lang") == "en"
    nameless = """all => all.filter(e => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') ||
        e.textContent.trim())).map(e => e.outerHTML)"""
    named = "button, a, select, meter:not([aria-hidden]), [role=listbox], [role=option], dialog"
    assert page.eval_on_selector_all(named, nameless) == []
    assert page.eval_on_selector_all("img:not([alt])", "all => all.length") == 0
    assert page.eval_on_selector_all("[role=option][tabindex='0']", "all => all.length") <= 1


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(context: BrowserContext, calm: Review, path: str) -> None:
    page = entered(context, calm)
    page.goto(calm.at + path)
    found = grave(page)
    assert found == [], json.dumps(found, indent=1)


@pytest.mark.skipif("IMGTOOL_SHOOT" not in os.environ, reason="IMGTOOL_SHOOT=1 draws the pictures of the docs anew")
def test_the_pictures_of_the_docs_are_drawn(chromium: Browser, tmp_path: Path) -> None:
    drawn = {f"{label}/{n}.jpg": encoded(draw(label, n, 1), "JPEG") for label in SUBJECTS for n in range(24)}
    for n in range(4):
        half = Image.fromarray(draw("cactus", n, 1)).reduce(2)
        drawn |= {
            f"cactus/{n}-half.jpg": encoded(half, "JPEG"),
            f"cactus/{n}-low.jpg": encoded(half, "JPEG", quality=30),
        }
    drawn |= {"sailboat/x.png": encoded(draw("lighthouse", 3, 1)), "cactus/y.png": encoded(draw("cactus", 30, 1) // 9)}
    shots: list[tuple[str, str, dict[str, Any]]] = [
        ("duplicates", "/groups", {}),
        ("class-dark", "/class?label=lighthouse", {"color_scheme": "dark"}),
        ("phone", "/class?label=sailboat", {"viewport": {"width": 390, "height": 760}, "device_scale_factor": 2}),
    ]
    with running(tmp_path / "harbour", drawn, suspicions) as review:
        for name, path, options in shots:
            with chromium.new_context(
                **{"viewport": {"width": 1200, "height": 760}, "reduced_motion": "reduce"} | options
            ) as made:
                page = entered(made, review)
                shown(page, review, path)
                page.wait_for_load_state("networkidle")
                if "class" in path:
                    page.keyboard.press("ArrowRight")
                    page.keyboard.press("d")
                    said(page, "dropped")
                    page.keyboard.press("Shift+ArrowRight")
                PICTURES.mkdir(exist_ok=True)
                shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
                small = shot.quantize(palette=shot.quantize(256))  # a third of the bytes
                small.save(PICTURES / f"review-{name}.png", optimize=True)


def test_all_can_be_reached_by_keys_alone(page: Page, review: Review) -> None:
    shown(page, review, "/class?label=cat")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement === [...document.querySelectorAll('[role=option]')].at(-1)")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move to class"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.do") == "undo"
