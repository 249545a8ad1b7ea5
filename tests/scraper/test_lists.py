"""Lists of every kind, broken ones among them. All pages here are synthetic, in the shape of real ones."""

from __future__ import annotations

import base64
import io
import json
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgtool.errors import UsageError
from imgtool.records import ImageRef
from scraper.lists import BadLine, Entry, read_list

ONE, TWO = "https://pics.test/1.jpg", "https://pics.test/2.jpg"
SHARED = Path(__file__).parents[3] / "shared" / "pages"


Saved = Callable[..., list[Entry]]


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    """Content and a name in, what the list says out."""

    def read(content: str | bytes, name: str = "list.txt", hint: str = "") -> list[Entry]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read_list(path, "fox", hint))

    return read


def refs(entries: list[Entry]) -> list[ImageRef]:
    """The pictures among them."""
    return [entry for entry in entries if isinstance(entry, ImageRef)]


def urls(entries: list[Entry]) -> list[str]:
    """Their addresses."""
    return [ref.url for ref in refs(entries)]


def bad(entries: list[Entry]) -> list[int]:
    """The numbers of the lines that name no picture."""
    return [entry.number for entry in entries if isinstance(entry, BadLine)]


# --- text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        f"{ONE}\n{TWO}\n",
        f"{ONE}\r\n{TWO}\r\n",
        f"{ONE}\r{TWO}",
        f"\ufeff{ONE}\n{TWO}",
        f"# mine\n\n  {ONE}  \n\t\n#\n{TWO}",
        f"{ONE} a red fox\n{TWO}\tfoxes",
        f"{ONE}\n{TWO}\n".encode("utf-16"),
    ],
)
def test_a_text_list_is_read_however_it_was_written(saved: Saved, content: str | bytes) -> None:
    entries = saved(content)

    assert urls(entries) == [ONE, TWO]
    assert bad(entries) == []
    assert {ref.label for ref in refs(entries)} == {"fox"}
    assert {ref.engine for ref in refs(entries)} == {"urls"}


def test_a_line_may_name_page_and_title(saved: Saved) -> None:
    (ref,) = refs(saved(f"{ONE}\thttps://page.test/\tA fox"))

    assert (ref.page_url, ref.title) == ("https://page.test/", "A fox")


def test_a_blank_inside_a_file_name_is_part_of_the_address(saved: Saved) -> None:
    assert urls(saved("https://pics.test/my fox.jpg")) == ["https://pics.test/my%20fox.jpg"]


def test_equal_lines_come_as_often_as_they_are_written(saved: Saved) -> None:
    assert urls(saved(f"{ONE}\n{ONE}\n")) == [ONE, ONE]


def test_data_addresses_are_pictures_too(saved: Saved) -> None:
    assert urls(saved("data:image/gif;base64,R0lGODlh\n")) == ["data:image/gif;base64,R0lGODlh"]


def test_what_is_no_address_is_named_by_its_line(saved: Saved) -> None:
    entries = saved(f"{ONE}\n=cmd()\nfile:///etc/passwd\n{TWO}\nhttps://a.test/\x00b\n")

    assert urls(entries) == [ONE, TWO]
    assert bad(entries) == [2, 3, 5]


def test_credentials_are_left_out_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("https://me:secret@pics.test/1.jpg\n")
    said: list[tuple[int, str]] = []
    entries = list(read_list(path, "fox", say=lambda number, words: said.append((number, words))))

    assert urls(entries) == [ONE]
    assert said == [(1, "user and password in the address were left out")]


def test_a_line_without_end_is_named_and_the_rest_is_read(saved: Saved) -> None:
    entries = saved(f"{ONE}\n" + "x" * 5_000_000 + f"\n{TWO}")

    assert urls(entries) == [ONE, TWO]
    assert bad(entries) == [2]


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("".join(f"https://pics.test/{n}.jpg\n" for n in range(20_000)) + "y" * 30_000_000)
    entries = read_list(path, "fox")
    next(entries)
    tracemalloc.start()
    count = sum(1 for _ in entries)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 20_000
    assert peak < 12_000_000


# --- tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f"url\n{ONE}\n{TWO}\n", "list.csv"),
        (f"id,URL,Caption\n1,{ONE},a\n2,{TWO},b\n", "list.txt"),
        (f"id;image_url\r\n1;{ONE}\r\n2;{TWO}\r\n", "list.csv"),
        (f"title\tsrc\nx\t{ONE}\ny\t{TWO}\n", "list.tsv"),
        (f'"Image URL","text"\n"{ONE}","a, ""b"""\n"{TWO}","two\nlines"\n', "list.csv"),
        (f"1,{ONE}\n2,{TWO}\n", "list.csv"),
        (f"link,n\n{ONE}\n\n{TWO},1,2,3\n", "list.csv"),
    ],
)
def test_a_table_is_read_by_its_column_of_addresses(saved: Saved, content: str, name: str) -> None:
    entries = saved(content, name)

    assert urls(entries) == [ONE, TWO]
    assert bad(entries) == []


def test_what_a_table_says_of_a_picture_is_kept(saved: Saved) -> None:
    header = "image_url,url,title,license,license_url,author,width,height,thumbnail,key"
    row = f"{ONE},https://page.test/,A fox,CC BY 4.0,,Ann,640,480,https://t.test/1,000001"
    (ref,) = refs(saved(f"{header}\n{row}\n", "list.csv"))

    assert (ref.url, ref.page_url, ref.title, ref.creator) == (ONE, "https://page.test/", "A fox", "Ann")
    assert (ref.licence, ref.width, ref.height, ref.thumb_url) == ("by 4.0", 640, 480, "https://t.test/1")
    assert ref.key == ""  # a row's number is no picture's name


def test_our_own_manifest_is_read_back(saved: Saved) -> None:
    row = {
        "url": ONE,
        "label": "fox",
        "engine": "bing",
        "query": "red fox",
        "page_url": "https://page.test/",
        "title": "A fox",
        "width": 640,
        "height": 480,
        "fallback_url": TWO,
        "key": "bing:0123456789ab",
        "licence": "by-sa 4.0",
        "licence_url": "https://creativecommons.org/licenses/by-sa/4.0/",
        "creator": "Ann",
    }
    (ref,) = refs(saved(json.dumps(row) + "\n", "manifest.jsonl"))

    assert {name: getattr(ref, name) for name in row} == row | {"engine": "urls"}


@pytest.mark.parametrize("name", ["list.csv", "list.tsv"])
def test_a_stray_quote_costs_no_other_line(saved: Saved, name: str) -> None:
    mark = "\t" if name.endswith("tsv") else ","
    rows = [f"{ONE}{mark}fine", f'{TWO}{mark}"never closed', *(f"https://pics.test/{n}.jpg{mark}x" for n in range(40))]
    entries = saved(f"url{mark}title\n" + "\n".join(rows), name)

    assert len(urls(entries)) == 42
    assert bad(entries) == []


def test_bad_rows_are_named_and_the_rest_is_read(saved: Saved) -> None:
    wide = "z" * 200_000
    entries = saved(f"url,title\n{ONE},=cmd()\n=cmd(),x\n\x00,y\n{wide},z\n{TWO},a\x00b\n,\n", "list.csv")

    assert urls(entries) == [ONE, TWO]
    assert bad(entries) == [3, 4, 5, 7]


def test_a_header_beyond_reason_is_no_header(saved: Saved) -> None:
    assert bad(saved("url" + "," * 500_000 + "x" * 200_000 + f"\n{ONE}\n", "list.csv")) == [1]


def test_a_table_without_addresses_says_which_names_are_known(saved: Saved) -> None:
    entries = saved("a,b\n1,2\n", "list.csv")

    assert isinstance(entries[0], BadLine)
    assert "image" in entries[0].reason


# --- JSON -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f'{{"url": "{ONE}"}}\n\n{{"src": "{TWO}"}}\n', "list.jsonl"),
        (f'{{"url": "{ONE}"}}\n{{"src": "{TWO}"}}\n', "list"),
        (f'"{ONE}"\n"{TWO}"\n', "list.jsonl"),
        (json.dumps([ONE, TWO]), "list.json"),
        (json.dumps([{"url": ONE}, {"imageUrl": TWO}], indent=2), "list.json"),
        (json.dumps({"n": 2, "items": [{"url": ONE}, {"url": TWO}]}, indent=2), "list.json"),
        (json.dumps({"n": 2, "items": [{"url": ONE}, {"url": TWO}]}), "list.json"),
    ],
)
def test_json_is_read_by_lines_or_whole(saved: Saved, content: str, name: str) -> None:
    entries = saved(content, name)

    assert urls(entries) == [ONE, TWO]
    assert bad(entries) == []


def test_bad_json_lines_are_named_and_the_rest_is_read(saved: Saved) -> None:
    deep = "[" * 100_000
    lines = [f'{{"url": "{ONE}"}}', '{"url": ', deep, '{"a": 1}', "7", "z" * 2_000_000, f'{{"url": "{TWO}"}}']
    entries = saved("\n".join(lines), "list.jsonl")

    assert urls(entries) == [ONE, TWO]
    assert bad(entries) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("content", ["{", "[]", "[" * 100_000, '{"a": {"b": 1}}\n{\n', "[1, 2]"])
def test_json_without_pictures_says_so(saved: Saved, content: str) -> None:
    entries = saved(content, "list.json")

    assert urls(entries) == []
    assert bad(entries)


def test_a_saved_answer_of_an_api_is_read_by_its_engine(saved: Saved) -> None:
    row = {"id": "1", "owner": "1@N05", "secret": "abc", "server": "42", "title": "Fox", "license": "4"}
    (ref,) = refs(saved(json.dumps({"photos": {"photo": [row]}, "stat": "ok"}), "answer.json"))

    assert (ref.engine, ref.licence) == ("flickr", "by 2.0")


# --- Parquet --------------------------------------------------------------------------------------------------


def parquet(**options: object) -> bytes:
    """Two pictures and a bad address."""
    columns = {"URL": [ONE, None, TWO], "TEXT": ["a", "b", "c"], "WIDTH": [640, None, 0], "other": [{"x": 1}] * 3}
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


@pytest.mark.parametrize("name", ["list.parquet", "list"])
def test_parquet_is_read_by_its_columns(saved: Saved, name: str) -> None:
    entries = saved(parquet(row_group_size=2), name)

    assert urls(entries) == [ONE, TWO]
    assert [(ref.title, ref.width, ref.rank) for ref in refs(entries)] == [("a", 640, 1), ("c", 0, 3)]
    assert bad(entries) == [2]


def test_parquet_without_addresses_says_so(saved: Saved) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), sink)

    assert bad(saved(sink.getvalue())) == [0]


@pytest.mark.parametrize("keep", [4, 10, 100, 400])
def test_damaged_parquet_is_said_to_be(saved: Saved, keep: int) -> None:
    entries = saved(parquet()[:keep], "list.parquet")

    assert urls(entries) == []
    assert bad(entries) == [0]


def test_a_parquet_bomb_is_left_out(saved: Saved, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.lists.parquet.LARGEST", 20_000_000)
    table = pa.table({"url": pa.array([ONE + "x" * 1_000_000]).take(pa.array([0] * 30))})
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    entries = saved(sink.getvalue(), "list.parquet")

    assert len(sink.getvalue()) < 1_000_000
    assert bad(entries) == [1]


def test_one_large_cell_many_times_over_costs_its_size_once(saved: Saved) -> None:
    cells = pa.DictionaryArray.from_arrays(pa.array([0] + [1] * 3000), pa.array([ONE, ONE + "x" * 2_000_000]))
    sink = io.BytesIO()
    pq.write_table(pa.table({"url": cells}), sink, compression="zstd", write_statistics=False, store_schema=False)
    before = pa.default_memory_pool().max_memory()
    entries = saved(sink.getvalue(), "list.parquet")

    assert urls(entries) == [ONE]
    assert len(bad(entries)) == 3000
    assert pa.default_memory_pool().max_memory() - before < 64_000_000


# --- saved pages ----------------------------------------------------------------------------------------------

SAVED = "<!-- saved from url=(0026)https://page.test/foxes/a.html -->"
SHOWN = [
    ('<img src="1.jpg">', "https://page.test/foxes/1.jpg"),
    ('<img src="/1.jpg" alt="A fox">', "https://page.test/1.jpg"),
    ('<img src="data:image/gif;base64,R0" data-src="//pics.test/1.jpg">', ONE),
    ('<img src="s.jpg" srcset="m.jpg 640w, https://pics.test/1.jpg 1280w, s.jpg 320w">', ONE),
    ('<img src="s.jpg" srcset="https://pics.test/1.jpg 2x, s.jpg">', ONE),
    ('<img srcset="https://pics.test/w_1,h_2/1.jpg 2x,b.jpg 1x">', "https://pics.test/w_1,h_2/1.jpg"),
    ('<picture><source srcset="https://pics.test/1.jpg 800w"></picture>', ONE),
    ('<a href="https://pics.test/1.jpg"><img src="https://pics.test/thumb.jpg"></a>', ONE),
    ('<a href="https://pics.test/1.jpg?w=1#x">the picture</a>', "https://pics.test/1.jpg?w=1"),
    ('<base href="https://pics.test/x/"><img src="../1.jpg">', ONE),
    ('<img src="https://pics.test/1.jpg"><img src="https://pics.test/1.jpg">', ONE),
    ('<img src="./Foxes_files/2.jpg"><img src="https://pics.test/1.jpg">', ONE),
    ('<a href="/page.html"><img src="https://pics.test/1.jpg"></a>', ONE),
]


@pytest.mark.parametrize(("markup", "url"), SHOWN)
def test_any_page_gives_its_pictures_at_their_best(saved: Saved, markup: str, url: str) -> None:
    (ref,) = refs(saved(f"<!DOCTYPE html>\n{SAVED}\n<html><body>{markup}</body></html>", "page.html"))

    assert ref.url == url
    assert ref.page_url == "https://page.test/foxes/a.html"


def test_relative_pictures_of_nowhere_are_counted(saved: Saved) -> None:
    entries = saved(f'<html><img src="1.jpg"><img src="2.jpg"><img src="{ONE}">', "page.html")

    assert urls(entries) == [ONE]
    assert isinstance(entries[-1], BadLine)
    assert entries[-1].reason.startswith("2 relative")


@pytest.mark.parametrize("content", ["<", "<html></html>", "<p>" * 50_000, "<!-- -->", "<img>", "<img src=''>"])
def test_a_page_without_pictures_says_so(saved: Saved, content: str) -> None:
    assert bad(saved(content, "page.html")) == [0]


CARD = json.dumps({"murl": ONE, "purl": "https://page.test/", "t": "red fox", "mid": "1", "md5": "0" * 32})
BING = f"""<html><title>red fox - Search Images</title><ul class="dgControl" data-nextUrl="">
<li data-idx="1"><div class="iuscp"><a class="iusc" m='{CARD}' href="/x?expw=640&amp;exph=480"></a></div></li></ul>"""
SORRY = '<html><title>https://www.google.test/</title><form id="captcha-form"></form>unusual traffic</html>'


def test_a_saved_bing_page_is_read_by_its_engine(saved: Saved) -> None:
    (ref,) = refs(saved(BING, "page.html"))

    assert (ref.url, ref.engine, ref.query, ref.label) == (ONE, "bing", "red fox", "fox")


def test_a_saved_captcha_is_no_picture_but_a_reason(saved: Saved) -> None:
    (entry,) = saved(SORRY, "page.html")

    assert isinstance(entry, BadLine)
    assert "blocked: captcha" in entry.reason


def test_a_page_saved_as_one_file_is_read(saved: Saved) -> None:
    body = base64.b64encode(b'<html><img src="1.jpg">').decode()
    archive = (
        "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/related;\r\n\ttype=x; boundary=B\r\n\r\n"
        f"--B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: https://pics.test/\r\n\r\n{body}\r\n--B--\r\n"
    )

    assert urls(saved(archive, "page.mhtml")) == [ONE]


# --- HAR ------------------------------------------------------------------------------------------------------


def fetched(url: str, mime: str = "image/jpeg", **content: object) -> dict[str, object]:
    """One entry of a recording."""
    headers = [{"name": "Referer", "value": "https://page.test/"}]
    return {
        "request": {"url": url, "headers": headers},
        "response": {"status": 200, "content": {"mimeType": mime} | content},
    }


def recording(*entries: object) -> str:
    """A HAR."""
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}}, indent=1)


@pytest.mark.parametrize("name", ["traffic.har", "traffic"])
def test_a_recording_gives_the_pictures_that_were_fetched(saved: Saved, name: str) -> None:
    entries = saved(recording(fetched(ONE), fetched("https://page.test/", "text/html"), fetched(TWO), 7, {}), name)

    assert urls(entries) == [ONE, TWO]
    assert refs(entries)[0].page_url == "https://page.test/"


@pytest.mark.parametrize("packed", [False, True])
def test_a_result_page_in_a_recording_goes_before_its_thumbs(saved: Saved, packed: bool) -> None:
    body = base64.b64encode(BING.encode()).decode() if packed else BING
    content = {"text": body} | ({"encoding": "base64"} if packed else {})
    page = fetched("https://www.bing.com/images/search?q=red+fox", "text/html", **content)
    thumb = fetched("https://tse1.mm.bing.net/th?id=OIP.1")
    entries = saved(recording(page, thumb), "traffic.har")

    assert urls(entries) == [ONE]
    assert refs(entries)[0].engine == "bing"


@pytest.mark.parametrize("content", ['{"log": ', '{"log": {}}', '{"log": {"entries": [{"request": 3}]}}', "[]"])
def test_a_broken_recording_says_so(saved: Saved, content: str) -> None:
    assert bad(saved(content, "traffic.har")) == [0]


# --- the file itself ------------------------------------------------------------------------------------------


def test_what_is_no_list_at_all_says_so(saved: Saved) -> None:
    assert bad(saved(b"\x89PNG\r\n\x1a\n" + bytes(500))) == [0]
    assert saved(b"") == []


def test_a_list_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be read") as error:
        read_list(tmp_path / "none.txt", "fox")
    assert "standard input" in error.value.hint
    with pytest.raises(UsageError, match="folder"):
        read_list(tmp_path, "fox")


@pytest.mark.parametrize("content", [f"{ONE}\n{TWO}\n".encode(), f"url\n{ONE}\n{TWO}\n".encode(), parquet()])
def test_standard_input_is_a_list_too(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    stdin = io.TextIOWrapper(io.BufferedReader(Pipe(content)))
    monkeypatch.setattr(sys, "stdin", stdin)

    assert urls(list(read_list("-", "fox"))) == [ONE, TWO]
    assert not stdin.closed


NAMES = ["a.txt", "a.csv", "a.tsv", "a.jsonl", "a.json", "a.har", "a.html", "a.mhtml", "a.parquet", "a"]
STARTS = [b"", b"{", b"[", b"<html>", b"url,title\n", b'{"log":{"entries":[', b"PAR1", b"\xff\xfe", b"https://a.test/"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=st.sampled_from(NAMES), start=st.sampled_from(STARTS), rest=st.binary(max_size=300))
def test_no_bytes_raise(tmp_path: Path, name: str, start: bytes, rest: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(start + rest)

    assert all(isinstance(entry, ImageRef | BadLine) for entry in read_list(path, "fox"))


MARKUP = st.lists(
    st.sampled_from(["<img src=", "<a href=", "srcset=", "'", '"', ">", "</a>", "http://a.test/1.jpg", "//[", "a,b 2x"])
    | st.text(max_size=8)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=MARKUP)
def test_no_markup_raises(tmp_path: Path, parts: list[str]) -> None:
    path = tmp_path / "page.html"
    path.write_text("<html>" + "".join(parts), "utf-8", errors="replace")

    assert list(read_list(path, "fox"))


# --- pages that engines really sent ---------------------------------------------------------------------------

CAPTURED = [
    ("bing/2020-11_images_async_count1_prettyprinted.html", 1),
    ("bing/2026-07_images_search_one_result_decoy.html", "starved"),
    ("bing/2016-02_search_dg_u_excerpt.html", "layout changed"),
    ("bing/2026-10_cn_async_m_attributes_excerpt.html", 2),
    ("google/2016-07_cse_v1element_searchtype_image.json", 1),
    ("google/2024-08_udm2_desktop_browser_saved_cat.html", 100),
    ("google/2026-05_sorry_captcha_page.html", "blocked: captcha"),
    ("google/2026-07_block_enablejs_js_shell.html", "blocked: needs a browser"),
    ("google/2026-07_block_update_your_browser_wap.html", "blocked: old browser"),
    ("other/2016-07_duckduckgo_i_js.json", 1),
    ("other/2016-07_flickr_photos_search.json", 1),
    ("other/2016-07_pixabay_api.json", 1),
    ("other/2020-11_baidu_acjson_rn1.json", 1),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "expected"), CAPTURED)
def test_captured_pages_are_read_as_lists(name: str, expected: int | str) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    entries = list(read_list(path, "any"))

    if isinstance(expected, int):
        assert len(refs(entries)) == expected
    else:
        assert refs(entries) == []
        assert any(expected in entry.reason for entry in entries if isinstance(entry, BadLine))
