"""From a class's name to a folder of pictures, and an account of what became of it.

    python examples/scrape_a_class.py                  20 pictures of cactuses, into data/cactus
    python examples/scrape_a_class.py "red panda" 200

Run it again: what is there counts, and nothing is fetched twice. Settings come from the same files and
variables as the command's (`IMGTOOL_PER_HOST=2`, `IMGTOOL_CONTACT=you@example.org`).
"""

import sys

import imgtool
from imgtool.records import ClassReport


def main(label: str = "cactus", n: str = "20") -> None:
    """Scrape one class and tell of it."""
    report = imgtool.scrape(label, n=int(n), out="data")
    for part in report.classes:
        tell(part)


def tell(part: ClassReport) -> None:
    """What was kept, who found it, and why the rest was refused."""
    print(f"{part.label}: {part.kept} of {part.wanted} pictures, {part.new} of them new")
    for engine in part.engines:
        found = f"{engine.new} found on {engine.pages} pages, {engine.kept} kept"
        print(f"  {engine.engine}: {found}; {engine.stopped}")
    for reason, count in part.skipped.items():
        print(f"  {count} refused: {reason}")


if __name__ == "__main__":
    main(*sys.argv[1:])
