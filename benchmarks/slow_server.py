"""A plain server for the same files: clean, or with 30 ms latency, 5 % 404 and 2 % stalls, always the same ones."""

from __future__ import annotations

import asyncio
import sys
import zlib
from pathlib import Path

LATENCY, MISSING, STALLED = 0.03, 5, 2


async def serve(root: Path, port: int, faults: bool) -> None:
    """Until somebody ends it."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                name = head.split(b" ", 2)[1].decode().lstrip("/")
                fate = zlib.crc32(name.encode()) % 100 if faults else 99
                if faults:
                    await asyncio.sleep(LATENCY)
                path = root / name
                if fate < MISSING or not path.is_file():
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                elif fate < MISSING + STALLED:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 200000\r\n\r\nstall")
                    await asyncio.sleep(120)
                else:
                    body = path.read_bytes()
                    head = (
                        f"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                    )
                    writer.write(head + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", port, backlog=1024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "faults"))
