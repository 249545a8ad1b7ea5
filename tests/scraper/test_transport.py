"""The doorway itself: names, TLS, proxies, full disks and too few sockets."""

from __future__ import annotations

import asyncio
import errno
import gzip
import os
import resource
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.http_exceptions import BadStatusLine

from imgtool.records import Fetched, ImageRef, Reason, Skipped
from scraper.crew import Crew
from scraper.doorway import Crowded, Unreachable
from scraper.fetch import Fetcher
from scraper.limits import Limits
from scraper.transport import AiohttpTransport
from scraper.transport.mishaps import unreachable
from scraper.transport.names import Lookup
from tests.hostile import JPEG, QUICK, Hostile, answer, bare, fetched, hostile, in_turn, to

PUBLIC = replace(QUICK, allow_private=False)


def names(*answers: list[str]) -> tuple[Lookup, list[str]]:
    """A resolver that gives these answers one after the other, and the names it was asked for."""
    left, asked = list(answers), []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return left.pop(0) if len(left) > 1 else left[0]

    return lookup, asked


def page_of(url: str, lookup: Lookup, limits: Limits = PUBLIC) -> Reason | int:
    """The status, or the reason why there is none."""

    async def run() -> Reason | int:
        async with AiohttpTransport(limits, lookup=lookup) as transport:
            try:
                return (await transport.page(url)).status
            except Unreachable as error:
                return error.reason

    return asyncio.run(run())


@pytest.mark.parametrize(
    "found",
    [
        *[["127.0.0.1"], ["10.0.0.1"], ["::1"], ["fe80::1%eth0"], ["169.254.169.254"], ["64:ff9b::a00:1"], ["0.0.0.0"]],
        *[["93.184.215.14", "192.168.0.1"], ["2606:4700::1", "::ffff:127.0.0.1"]],
    ],
)
def test_a_name_is_refused_for_any_one_bad_address(found: list[str]) -> None:
    lookup, asked = names(found)
    assert page_of("http://rebinding.example:8080/a.jpg", lookup) == Reason.BLOCKED_ADDRESS
    assert asked == ["rebinding.example"]


def test_one_address_is_connected_to_whatever_the_name_says_next() -> None:
    async def run() -> list[object]:
        lookup, _ = names(["127.0.0.1"], ["169.254.169.254"])
        said = in_turn(answer(JPEG, "Connection: close"))
        async with hostile({"*": said}) as server, AiohttpTransport(QUICK, lookup=lookup) as transport:
            got: list[object] = [(await transport.page(server.url("/1", "a.example"))).status]
            transport.names._answers.clear()
            got.append((await transport.page(server.url("/2", "a.example"))).status)  # by the first answer still
            transport.session.connector.clear_dns_cache()  # type: ignore[union-attr]
            with pytest.raises(Unreachable) as caught:
                await transport.page(server.url("/3", "a.example"))
            return [*got, caught.value.reason, server.paths()]

    assert asyncio.run(run()) == [200, 200, Reason.BLOCKED_ADDRESS, ["/1", "/2"]]


def test_a_redirect_to_a_name_that_is_private_is_stopped(tmp_path: Path) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return {"good.example": ["127.0.0.1"], "bad.example": ["169.254.169.254"]}[host]

    async def run() -> tuple[Fetched | Skipped, Hostile]:
        said = {"/a.jpg": to("http://bad.example/latest/meta-data")}
        async with hostile(said) as server, AiohttpTransport(QUICK, lookup=lookup) as transport:
            ref = ImageRef(url=server.url("/a.jpg", "good.example"), label="cat", engine="urls")
            return await Fetcher(transport, QUICK, Crew(QUICK)).fetch(ref, tmp_path / "sink"), server

    result, _ = asyncio.run(run())
    assert isinstance(result, Skipped)
    assert result.reason == Reason.BLOCKED_ADDRESS
    assert "bad.example" in result.detail


def test_a_name_that_is_not_known_is_a_dns_failure() -> None:
    async def lookup(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    assert page_of("http://gone.example/", lookup) == Reason.DNS


def test_a_resolver_that_does_not_answer_is_a_timeout() -> None:
    async def lookup(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    assert page_of("http://slow.example/", lookup, replace(PUBLIC, connect=0.1)) == Reason.TIMEOUT


def test_a_closed_port_is_a_network_failure(tmp_path: Path) -> None:
    result, _ = fetched({}, "http://127.0.0.1:1025/a.jpg", sink=tmp_path / "sink")
    assert isinstance(result, Skipped)
    assert result.reason == Reason.NETWORK


def test_a_host_that_swallows_every_packet_is_a_timeout(tmp_path: Path) -> None:
    with ExitStack() as stack:
        hole = stack.enter_context(socket.socket())
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)  # room for one or two that are never accepted; what comes after them is not answered at all
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(hole.getsockname())
        url = f"http://127.0.0.1:{hole.getsockname()[1]}/a.jpg"
        limits = replace(QUICK, connect=0.2, first_byte=5.0, ignore_robots=True)
        result, _ = fetched({}, url, sink=tmp_path / "sink", limits=limits)
    assert isinstance(result, Skipped)
    assert (result.reason, result.detail) == (Reason.TIMEOUT, "no connection in time")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not there to sign a certificate")
    both = tmp_path_factory.mktemp("tls") / "both.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["-keyout", str(both.with_name("key.pem")), "-out", str(both.with_name("cert.pem"))]
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *made, *subject],
        check=True,
        capture_output=True,
    )
    both.write_text(both.with_name("key.pem").read_text() + both.with_name("cert.pem").read_text())
    return both


def tls_server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_of_ones_own_making_is_not_trusted(certificate: Path, tmp_path: Path) -> None:
    result, server = fetched({"/a.jpg": answer()}, sink=tmp_path / "sink", tls=tls_server(certificate))
    assert isinstance(result, Skipped)
    assert result.reason == Reason.TLS
    assert not server.seen


def test_a_plain_server_behind_https_is_a_tls_failure() -> None:
    async def blunt(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    async def run() -> Reason:
        server = await asyncio.start_server(blunt, "127.0.0.1", 0)
        async with server, AiohttpTransport(QUICK) as transport:
            with pytest.raises(Unreachable) as caught:
                await transport.page(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            return caught.value.reason

    assert asyncio.run(run()) == Reason.TLS


def test_a_trusted_server_is_asked_and_no_redirect_leaves_tls(certificate: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate.with_name("cert.pem")))

    async def run() -> list[object]:
        said = {"/a": answer(b"fine"), "/b": to("http://example.com/a.jpg"), "/c": to("/a")}
        serving = hostile(said, tls_server(certificate))
        async with serving as server, AiohttpTransport(QUICK, tls=trusting) as transport:
            got: list[object] = [(await transport.page(server.url(path, "localhost"))).body for path in ("/a", "/c")]
            with pytest.raises(Unreachable) as caught:
                await transport.page(server.url("/b", "localhost"))
            with pytest.raises(Unreachable) as misnamed:
                await transport.page(server.url("/a"))
            return [*got, caught.value.reason, misnamed.value.reason]

    assert asyncio.run(run()) == [b"fine", b"fine", Reason.DOWNGRADE, Reason.TLS]


@contextmanager
def environment(**settings: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        for name, value in settings.items():
            patch.setenv(name, value)
        yield


def through_proxy(url: str, tmp_path: Path, **settings: str) -> tuple[Fetched | Skipped, Hostile]:
    """One picture, fetched with a proxy in the environment that answers everything itself."""

    async def run() -> tuple[Fetched | Skipped, Hostile]:
        async with hostile({"http://cats.example/a.jpg": answer(), "/a.jpg": answer()}) as proxy:
            told = {name: value.format(port=proxy.port) for name, value in settings.items()}
            with environment(**told):
                async with AiohttpTransport(QUICK) as transport:
                    ref = ImageRef(url=url.format(port=proxy.port), label="cat", engine="urls")
                    return await Fetcher(transport, QUICK, Crew(QUICK)).fetch(ref, tmp_path / "sink"), proxy

    return asyncio.run(run())


def test_a_proxy_is_the_guard_and_its_password_is_not_told(tmp_path: Path) -> None:
    result, proxy = through_proxy("http://cats.example/a.jpg", tmp_path, HTTP_PROXY="http://me:hush@127.0.0.1:{port}")
    assert isinstance(result, Fetched), result
    assert result.notes["address"].startswith("proxy http://")
    assert "hush" not in repr(result)
    assert proxy.seen[-1].header("Proxy-Authorization").startswith("Basic ")


@pytest.mark.parametrize("host", ["10.0.0.1.", "0x7f.1", "printer", "db.internal", "169.254.169.254"])
def test_local_places_are_not_asked_through_a_proxy(host: str, tmp_path: Path) -> None:
    result, proxy = through_proxy(f"http://{host}/a.jpg", tmp_path, HTTP_PROXY="127.0.0.1:{port}")
    assert isinstance(result, Skipped)
    assert result.reason == Reason.BLOCKED_ADDRESS
    assert not proxy.seen


def test_the_proxy_itself_is_no_place_for_pictures(tmp_path: Path) -> None:
    result, _ = through_proxy("http://127.0.0.1:{port}/a.jpg", tmp_path, HTTP_PROXY="127.0.0.1:{port}")
    assert isinstance(result, Skipped)
    assert result.reason == Reason.BLOCKED_ADDRESS


def test_no_proxy_is_obeyed(tmp_path: Path) -> None:
    answers = {"/a.jpg": answer()}
    with environment(HTTP_PROXY="http://127.0.0.1:1", NO_PROXY="127.0.0.0/8"):
        result, _ = fetched(answers, sink=tmp_path / "sink")
    assert isinstance(result, Fetched), result


@pytest.mark.parametrize(
    ("proxy", "words"),
    [("socks5://127.0.0.1:9", "socks5"), ("http://me:hush@127.0.0.1:1", "the proxy cannot be reached")],
)
def test_a_proxy_that_does_not_work_says_so(proxy: str, words: str) -> None:
    async def run() -> Unreachable:
        async with AiohttpTransport(replace(QUICK, proxy=proxy)) as transport:
            with pytest.raises(Unreachable) as caught:
                await transport.page("http://cats.example/")
            return caught.value

    error = asyncio.run(run())
    assert error.reason == Reason.NETWORK
    assert words in error.detail
    assert "hush" not in repr(error)


def test_an_https_request_that_the_proxy_refuses_is_a_network_failure() -> None:
    async def run() -> Unreachable:
        async with hostile({"*": answer(status="403 No")}) as proxy:
            limits = replace(QUICK, proxy=proxy.url(""))
            async with AiohttpTransport(limits) as transport:
                with pytest.raises(Unreachable) as caught:
                    await transport.page("https://cats.example/")
                return caught.value

    assert asyncio.run(run()).reason == Reason.NETWORK


def test_pages_are_opened_bounded_and_cut() -> None:
    async def run() -> list[object]:
        page = b"<html>" + bytes(range(256)) * 100
        said = {
            "/a": answer(gzip.compress(page[:5000]), "Content-Encoding: gzip", status="500 Oh"),
            "/b": bare("HTTP/1.1 200 OK", body=page),
        }
        async with hostile(said) as server, AiohttpTransport(replace(QUICK, page_body=10_000)) as transport:
            cut = await transport.page(server.url("/a"), {"X-Token": "7"}, cut=100)
            with pytest.raises(Unreachable) as caught:
                await transport.page(server.url("/b"))
            return [cut.status, len(cut.body), server.seen[0].header("X-Token"), caught.value.reason]

    assert asyncio.run(run()) == [500, 100, "7", Reason.TOO_LARGE]


def test_connections_are_used_again(tmp_path: Path) -> None:
    async def run() -> int:
        async with hostile({"*": answer()}) as server, AiohttpTransport(QUICK) as transport:
            fetcher = Fetcher(transport, replace(QUICK, ignore_robots=True), Crew(QUICK))
            for number in range(10):
                ref = ImageRef(url=server.url(f"/{number}.jpg"), label="cat", engine="urls")
                assert isinstance(await fetcher.fetch(ref, tmp_path / str(number)), Fetched)
            return server.connections

    assert asyncio.run(run()) == 1


def test_a_folder_that_is_gone_is_an_os_error_and_no_bad_picture(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fetched({"/a.jpg": answer()}, sink=tmp_path / "missing" / "sink")


def test_a_write_that_fails_midway_leaves_no_file(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            fetched({"/a.jpg": answer()}, sink=tmp_path / "sink")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.iterdir())


SLOW_SERVER = r"""
import asyncio
SAID = b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 40\r\n\r\n\xff\xd8\xff' + bytes(37)
async def serve(reader, writer):
    await reader.readuntil(b'\r\n\r\n')
    await asyncio.sleep(0.2)
    writer.write(SAID)
    await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def test_too_few_sockets_mean_fewer_at_once_and_no_lost_picture(tmp_path: Path) -> None:
    pictures = 60

    async def run(server_port: int) -> list[Fetched | Skipped]:
        limits = replace(QUICK, ignore_robots=True, first_byte=10.0, total=20.0, stall=20.0)
        async with AiohttpTransport(limits) as transport:
            crew = Crew(limits)
            fetcher = Fetcher(transport, limits, crew)

            async def jobs() -> Any:
                for number in range(pictures):
                    yield number, ImageRef(url=f"http://127.0.0.1:{server_port}/{number}", label="cat", engine="urls")

            async def work(job: tuple[int, ImageRef]) -> Fetched | Skipped:
                return await fetcher.fetch(job[1], tmp_path / str(job[0]))

            used = len(os.listdir("/proc/self/fd"))
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (used + 25, hard))
            try:
                found = [result async for result in crew.run(jobs(), work, lambda job: f"127.0.0.1:{server_port}")]
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            assert crew.room < limits.concurrency
            return found

    with subprocess.Popen([sys.executable, "-c", SLOW_SERVER], stdout=subprocess.PIPE) as server:
        assert server.stdout
        try:
            found = asyncio.run(run(int(server.stdout.readline())))
        finally:
            server.kill()
    assert len(found) == pictures
    assert all(isinstance(one, Fetched) for one in found), [one for one in found if isinstance(one, Skipped)]


KEY = ConnectionKey("h", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (aiohttp.ClientError(), Reason.NETWORK),
        (aiohttp.InvalidURL("x"), Reason.BAD_URL),
        (aiohttp.NonHttpUrlClientError("x"), Reason.NETWORK),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "no such name")), Reason.DNS),
        (aiohttp.ClientConnectorError(KEY, OSError(errno.EHOSTUNREACH, "no way")), Reason.NETWORK),
        (aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("wrong host")), Reason.TLS),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "handshake")), Reason.TLS),
        (aiohttp.ConnectionTimeoutError(), Reason.TIMEOUT),
        (aiohttp.SocketTimeoutError(), Reason.TIMEOUT),
        (aiohttp.ServerDisconnectedError(), Reason.NETWORK),
        (aiohttp.ClientPayloadError("short"), Reason.TRUNCATED),
        (aiohttp.ClientOSError(errno.ECONNRESET, "reset"), Reason.NETWORK),
        (BadStatusLine("?"), Reason.NETWORK),
        (ssl.SSLError(1, "decryption failed"), Reason.TLS),
        (TimeoutError(), Reason.TIMEOUT),
        (ConnectionResetError(), Reason.NETWORK),
        (RuntimeError("Connection closed."), Reason.NETWORK),
        (ValueError("no"), Reason.NETWORK),
    ],
)
def test_every_error_below_has_a_reason(error: BaseException, reason: Reason) -> None:
    mapped = unreachable(error)
    assert isinstance(mapped, Unreachable)
    assert mapped.reason == reason


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
def test_a_full_machine_is_no_reason_against_a_picture(number: int) -> None:
    assert isinstance(unreachable(aiohttp.ClientConnectorError(KEY, OSError(number, "full"))), Crowded)
