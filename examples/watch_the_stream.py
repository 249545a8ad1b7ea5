"""The same as a stream: each picture's fate as it is decided, and a stop whenever you like.

    python examples/watch_the_stream.py cactus

Here: stop at the first ten pictures that are wider than tall, whatever else has come by then. Leaving the loop
is an orderly end: what was kept stays in data/, and the next run goes on from there.
"""

import asyncio
import sys
from contextlib import aclosing

import imgtool
from imgtool.records import Kept, Skipped

WANTED = 10


async def watch(label: str) -> int:
    """The number of wide pictures seen."""
    wide = 0
    async with aclosing(imgtool.collect(label, n=200, out="data")) as outcomes:
        async for outcome in outcomes:
            match outcome:
                case Kept(path=path, picture=picture):
                    wide += picture.width > picture.height
                    print(f"+ {path}  {picture.width} × {picture.height}  ({wide} wide)")
                case Skipped(ref=ref, reason=reason):
                    print(f"- {reason}  {ref.url}")
            if wide == WANTED:
                break
    return wide


if __name__ == "__main__":
    asyncio.run(watch(*sys.argv[1:] or ["cactus"]))
