"""The same 5,000 pictures through imgtool and its peers, on loopback; a table of CPU, wall time and memory.

    python benchmarks/download.py                 # everything: about 20 minutes on two cores
    python benchmarks/download.py --count 500 --rounds 1 --only imgtool,floor

nginx (Debian's `nginx-light`) serves the pictures under many addresses of 127/8, each a host of its own.
The peers live in a virtual environment of their own, made here with uv. A figure is a whole process:
user + system seconds of the tool and its children, as the kernel counted them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus import corpus

HERE = Path(__file__).parent
PEERS = HERE / "corpus" / "peers"
PORT, SLOW_PORT = 18080, 18081
HOSTS = 100

NGINX = """
worker_processes 1; daemon off; pid {room}/nginx.pid; error_log {room}/error.log;
events {{ worker_connections 2048; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000; keepalive_timeout 65;
  client_body_temp_path {room}; proxy_temp_path {room}; fastcgi_temp_path {room};
  uwsgi_temp_path {room}; scgi_temp_path {room};
  types {{ image/jpeg jpg; }}
  server {{ listen 0.0.0.0:{port} backlog=2048; root {root}; }}
}}
"""

BARE = """
import asyncio, sys, aiohttp
async def main(urls, out):
    jobs = iter(list(enumerate(urls)))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=64)) as session:
        async def worker():
            for n, url in jobs:
                async with session.get(url) as reply:
                    body = await reply.read()
                with open(f"{out}/{n:05d}.jpg", "wb") as file:
                    file.write(body)
                LOOK
        await asyncio.gather(*(worker() for _ in range(64)))
asyncio.run(main(open(sys.argv[1]).read().split(), sys.argv[2]))
"""
LOOK = """
                grey = simplejpeg.decode_jpeg(body, "GRAY", min_height=64, min_width=64, min_factor=8)[:, :, 0]
                phash(grey)
"""
FLOOR = "import simplejpeg\nfrom curate.hashing import phash\n" + BARE.replace("LOOK", LOOK.strip())
ICRAWLER = """
import logging, sys
from icrawler.builtin import UrlListCrawler
crawler = UrlListCrawler(downloader_threads=16, storage={"root_dir": sys.argv[2]}, log_level=logging.CRITICAL)
crawler.crawl(sys.argv[1], max_num=10**9)
"""


@dataclass(frozen=True)
class Run:
    """One tool, once."""

    cpu: float
    wall: float
    memory: float  # MB, the largest process
    files: int


def commands(urls: Path, out: Path) -> dict[str, list[str]]:
    """Each tool's own command for the same work."""
    peer = str(PEERS / "bin")
    scrape = [sys.executable, "-m", "imgtool", "scrape", "--from", str(urls), "--label", "bench", "--out", str(out)]
    files = ["--output_format", "files", "--resize_mode", "no", "--processes_count", "2", "--thread_count", "64"]
    img2dataset = ["--url_list", str(urls), "--output_folder", str(out), *files]
    return {
        "bare": [sys.executable, "-c", BARE.replace("LOOK", "pass"), str(urls), str(out)],
        "floor": [sys.executable, "-c", FLOOR, str(urls), str(out)],
        "imgtool": [*scrape, "--allow-private", "--quiet"],
        "icrawler": [f"{peer}/python", "-c", ICRAWLER, str(urls), str(out)],
        "img2dataset": [f"{peer}/img2dataset", *img2dataset],
    }


def measure(command: list[str], out: Path) -> Run:
    """The command as a whole process, its children included."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    env = os.environ | {"PYTHONPATH": str(HERE.parent), "NO_ALBUMENTATIONS_UPDATE": "1", "IMGTOOL_STALL": "5"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles all modules at every start
    started = time.monotonic()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    if status not in (0, 3 << 8):  # 3: some pictures are not to be had, as planned
        print(f"  exit {os.waitstatus_to_exitcode(status)}: {' '.join(command)[:200]}", file=sys.stderr)
    files = sum(1 for path in out.rglob("*.jpg") if ".imgtool" not in path.parts)
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, files)


@contextmanager
def nginx(root: Path) -> Iterator[None]:
    """A real server for the pictures."""
    with tempfile.TemporaryDirectory() as room:
        Path(room).chmod(0o755)
        config = Path(room) / "nginx.conf"
        config.write_text("user root;" + NGINX.format(room=room, port=PORT, root=root))
        server = subprocess.Popen(["nginx", "-c", str(config)], stderr=subprocess.DEVNULL)
        try:
            time.sleep(1)
            yield
        finally:
            server.terminate()
            server.wait()


@contextmanager
def slow_server(root: Path, faults: bool) -> Iterator[None]:
    """30 ms latency, 5 % 404, 2 % stalls; or the same server without any of them."""
    command = [sys.executable, str(HERE / "slow_server.py"), str(root), str(SLOW_PORT), "faults" if faults else "clean"]
    server = subprocess.Popen(command)
    try:
        time.sleep(1)
        yield
    finally:
        server.terminate()
        server.wait()


def peers() -> None:
    """Their environment, made once."""
    if not (PEERS / "bin" / "img2dataset").exists():
        subprocess.run(["uv", "venv", "--quiet", "--python", "3.11", str(PEERS)], check=True)
        names = ["img2dataset==1.47.0", "icrawler==0.6.10", "setuptools<81"]
        python = str(PEERS / "bin" / "python")
        subprocess.run(["uv", "pip", "install", "--quiet", "--python", python, *names], check=True)


def urls_file(room: Path, count: int, port: int) -> Path:
    """The list: every picture at a host of its own turn."""
    path = room / f"urls-{port}.txt"
    hosts = [f"127.0.{n // 250}.{n % 250 + 1}" for n in range(HOSTS)]
    path.write_text("".join(f"http://{hosts[n % HOSTS]}:{port}/{n:05d}.jpg\n" for n in range(count)))
    return path


def rounds(names: list[str], urls: Path, room: Path, times: int) -> dict[str, list[Run]]:
    """Every tool in turn, then again: drift of the machine meets all alike."""
    results: dict[str, list[Run]] = {name: [] for name in names}
    for turn in range(times):
        for name in names:
            run = measure(commands(urls, room / "out")[name], room / "out")
            results[name].append(run)
            print(
                f"  round {turn + 1} {name}: {run.cpu:.1f} s CPU, {run.wall:.1f} s wall, {run.files} files", flush=True
            )
    return results


def table(results: dict[str, list[Run]], count: int) -> str:
    """Medians with their spread, and ratios."""
    ours = statistics.median(run.cpu for run in results["imgtool"])
    columns = ["tool", "CPU s / 1,000", "min - max", "pictures / s", "memory MB", "files", "CPU, imgtool = 1"]
    head = f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|\n"
    rows = []
    for name, runs in results.items():
        cpu = sorted(run.cpu * 1000 / count for run in runs)
        wall, middle = statistics.median(run.wall for run in runs), statistics.median(cpu)
        memory, files = max(run.memory for run in runs), runs[-1].files
        spread = f"{cpu[0]:.2f} - {cpu[-1]:.2f}"
        ratio = middle * count / 1000 / ours
        rows.append(f"| {name} | {middle:.2f} | {spread} | {count / wall:.0f} | {memory:.0f} | {files} | {ratio:.2f} |")
    return head + "\n".join(rows)


def machine() -> str:
    """Where this was measured."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}, {platform.system()}"


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="bare,floor,imgtool,icrawler,img2dataset")
    options = parser.parse_args()
    names = options.only.split(",")
    if {"icrawler", "img2dataset"} & set(names):
        peers()
    pictures = corpus(options.count)
    size = statistics.mean(path.stat().st_size for path in list(pictures.glob("*.jpg"))[:500]) / 1000
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        with nginx(pictures):
            clean = rounds(names, urls_file(room, options.count, PORT), room, options.rounds)
        walls = {}
        for faults in (False, True):
            with slow_server(pictures, faults):
                urls = urls_file(room, options.count, SLOW_PORT)
                runs = [measure(commands(urls, room / "out")["imgtool"], room / "out") for _ in range(options.rounds)]
            walls["faulty" if faults else "clean"] = runs
    text = report(options, size, clean, walls)
    print(text)
    if options.count >= 5000:
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results" / "download.md").write_text(text)
        raw = {name: [vars(run) for run in runs] for name, runs in (clean | walls).items()}
        (HERE / "results" / "download.json").write_text(json.dumps(raw, indent=1) + "\n")


def report(options: argparse.Namespace, size: float, clean: dict[str, list[Run]], walls: dict[str, list[Run]]) -> str:
    """The page in benchmarks/results."""
    quick, slow = (statistics.median(run.wall for run in walls[name]) for name in ("clean", "faulty"))
    return f"""# Download, {options.count:,} JPEGs of {size:.0f} kB from {HOSTS} hosts on loopback

`python benchmarks/download.py --count {options.count} --rounds {options.rounds}`; {machine()};
medians of {options.rounds}.
CPU is the tool's own with all its processes, the server's left out. `bare` writes bytes and looks at nothing;
`floor` is `bare` with one scaled grey decode and its hash a picture, in the same process. imgtool also asks for
robots.txt, checks every address, decodes in separate processes, hashes twice, flushes to disk and catalogues.

{table(clean, options.count)}

The same through a server with 30 ms latency, 5 % 404 and 2 % stalls (time limit 5 s), {options.count:,} pictures:
{slow:.1f} s against {quick:.1f} s clean on the same server = {slow / quick:.2f}x.
"""


if __name__ == "__main__":
    main()
