"""A certificate whose time is over is not trusted, whoever signed it."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from imgtool.records import Reason
from scraper.doorway import Unreachable
from scraper.transport import AiohttpTransport
from tests.hostile import QUICK, answer, hostile


def test_an_expired_certificate_is_a_tls_failure(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not there to sign a certificate")
    key, fresh, old = (tmp_path / name for name in ("key.pem", "fresh.pem", "old.pem"))
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(fresh)]
    subprocess.run([openssl, "req", "-x509", *made, *subject], check=True, capture_output=True)
    aged = [openssl, "x509", "-in", str(fresh), "-signkey", str(key), "-days", "-1", "-out", str(old)]
    if subprocess.run(aged, capture_output=True, check=False).returncode:
        pytest.skip("this openssl signs nothing that is over already")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(old, key)
    trusting = ssl.create_default_context(cafile=str(old))

    async def run() -> Unreachable:
        async with hostile({"/a": answer()}, serving) as server, AiohttpTransport(QUICK, tls=trusting) as transport:
            with pytest.raises(Unreachable) as caught:
                await transport.page(server.url("/a", "localhost"))
            assert not server.seen
            return caught.value

    error = asyncio.run(run())
    assert error.reason == Reason.TLS
    assert "expired" in error.detail
