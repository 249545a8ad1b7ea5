"""A dataset from the inside: its classes, one picture's provenance, and why others are not there.

    python examples/look_inside.py data

Reading asks nobody and changes nothing. Any folder of class folders is a dataset; pictures that you add by hand
are listed after the next command that writes (`imgtool scrape`).
"""

import sys

import imgtool
from imgtool.records import Entry, ImageRef


def main(folder: str = "data") -> None:
    """Tell about every class, and about the largest picture."""
    with imgtool.Dataset.open(folder) as dataset:
        for label in dataset.classes():
            print(f"{label}: {dataset.count(label)} pictures")
            for reason, count in dataset.reasons(label).most_common():
                print(f"  {count} are not here: {reason}")
        entries = list(dataset.entries())
        if entries:
            largest = max(entries, key=lambda entry: entry.picture.width * entry.picture.height)
            tell(largest, dataset.sources().get(largest.picture.sha256))


def tell(entry: Entry, ref: ImageRef | None) -> None:
    """What one decode told of a picture, and where it came from."""
    picture = entry.picture
    print(f"\n{entry.path}: {picture.format}, {picture.width} × {picture.height}, {picture.size:,} bytes")
    if ref is None:
        print("  came by hand")
        return
    print(f"  from     {ref.url}")
    print(f"  page     {ref.page_url or 'unknown'}")
    print(f"  engine   {ref.engine}, asked for {ref.query!r}")
    print(f"  licence  {ref.licence or 'unknown'} (as claimed), by {ref.creator or 'unknown'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
