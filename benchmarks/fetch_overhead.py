"""What crew, fetch and transport cost over a bare aiohttp loop that writes files. Loopback, nginx, CPU by the clock of
the process.

    python benchmarks/fetch_overhead.py [--pictures 1000] [--kb 200] [--rounds 5] [--profile]
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import os
import pstats
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import aiohttp

sys.path.insert(0, str(Path(__file__).parent.parent))

from imgtool.records import Fetched, ImageRef, Skipped
from scraper.crew import Crew
from scraper.fetch import Fetcher
from scraper.limits import Limits
from scraper.transport import AiohttpTransport

HOSTS = 50
NGINX = """
worker_processes 1; daemon off; pid {root}/pid; error_log {root}/error.log crit;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; keepalive_requests 100000; etag on; types {{ image/jpeg jpg; }}
  client_body_temp_path {root}/b; proxy_temp_path {root}/p; fastcgi_temp_path {root}/f;
  uwsgi_temp_path {root}/u; scgi_temp_path {root}/s;
  server {{ listen 0.0.0.0:{port}; root {root}/www; }} }}
"""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--pictures", type=int, default=1000)
    options.add_argument("--kb", type=int, default=200)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--profile", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="imgtool-bench-") as folder:
        root = Path(folder)
        root.chmod(0o755)  # nginx started by root reads as somebody else
        names = make(root / "www", asked.pictures, asked.kb)
        port = free_port()
        (root / "conf").write_text(NGINX.format(root=root, port=port))
        server = subprocess.Popen([shutil.which("nginx") or "nginx", "-p", folder, "-c", str(root / "conf")])
        try:
            time.sleep(0.5)
            urls = [f"http://127.0.0.{i % HOSTS + 1}:{port}/{name}" for i, name in enumerate(names)]
            compare(urls, root / "out", asked.rounds)
            if asked.profile:
                profile(urls, root / "out")
        finally:
            server.terminate()
            server.wait()


def compare(urls: list[str], out: Path, rounds: int) -> None:
    best = {"bare": (9e9, 9e9), "ours": (9e9, 9e9)}
    for _ in range(rounds):
        for name, run in (("bare", bare), ("ours", ours)):
            cpu, wall = clocked(run, urls, out)
            print(f"{name}: {cpu:.3f} s CPU, {wall:.3f} s wall")
            best[name] = min(best[name], (cpu, wall))
    thousand = 1000 / len(urls)
    for name, (cpu, wall) in best.items():
        print(f"best {name}: {cpu * thousand:.3f} s CPU per 1,000 pictures, {len(urls) / wall:.0f} pictures/s")
    print(f"ours / bare: {best['ours'][0] / best['bare'][0]:.2f}")


def clocked(run, urls, out: Path) -> tuple[float, float]:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    wall, cpu = time.perf_counter(), time.process_time()
    asyncio.run(run(urls, out))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert len(os.listdir(out)) == len(urls)
    return cpu, wall


async def bare(urls: list[str], out: Path) -> None:
    """The floor: 64 workers, one session, what comes is written as it comes."""
    todo = iter(enumerate(urls))

    async def worker(session: aiohttp.ClientSession) -> None:
        for number, url in todo:
            async with session.get(url) as response:
                assert response.status == 200
                with open(out / f"{number}.jpg", "wb") as file:
                    async for piece in response.content.iter_any():
                        file.write(piece)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(worker(session) for _ in range(64)))


async def ours(urls: list[str], out: Path) -> None:
    limits = Limits(allow_private=True)

    async def jobs() -> AsyncIterator[tuple[int, ImageRef]]:
        for number, url in enumerate(urls):
            yield number, ImageRef(url=url, label="cat", engine="urls")

    async with AiohttpTransport(limits) as transport:
        crew = Crew(limits)
        fetcher = Fetcher(transport, limits, crew)

        async def work(job: tuple[int, ImageRef]) -> Fetched | Skipped:
            return await fetcher.fetch(job[1], out / f"{job[0]}.jpg")

        async with aclosing(crew.run(jobs(), work, lambda job: job[1].url.split("/")[2])) as results:
            async for result in results:
                assert isinstance(result, Fetched), result


def profile(urls: list[str], out: Path) -> None:
    watch = cProfile.Profile()
    watch.enable()
    clocked(ours, urls, out)
    watch.disable()
    pstats.Stats(watch).sort_stats("tottime").print_stats(45)


def make(folder: Path, pictures: int, kb: int) -> list[str]:
    folder.mkdir()
    names = [f"{number}.jpg" for number in range(pictures)]
    for name in names:
        (folder / name).write_bytes(b"\xff\xd8\xff\xe0" + os.urandom(kb * 1000))
    return names


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
