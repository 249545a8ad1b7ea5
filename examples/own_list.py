"""A list of your own in, pictures out, with the licence and the maker of each.

    python examples/own_list.py pictures.csv cactus

The list needs a column of addresses; licence, creator, title and page are taken along where it has them:

    url,licence,creator,page_url
    https://example.org/1.jpg,CC BY 4.0,Mara Lind,https://example.org/1.html

Text, TSV, JSON, JSONL, Parquet, saved result pages and HAR recordings do as well. Only pictures that are claimed
to be free to use and change are kept here; one without a claim is not taken as free.
"""

import sys
from pathlib import Path

import imgtool
from imgtool.records import Filters

FREE = Filters(licence=("cc0", "pdm", "by", "by-sa"))


def main(path: str, label: str) -> None:
    """Fetch what the list names, then say whose the pictures are."""
    report = imgtool.scrape(label, lists=[Path(path)], filters=FREE, out="data")
    with imgtool.Dataset.open(report.dataset) as dataset:
        sources = dataset.sources()
        for entry in dataset.entries():
            ref = sources.get(entry.picture.sha256)
            if ref:  # none for a file that you put there by hand
                print(f"{entry.path}: {ref.licence}, {ref.creator or 'creator unknown'}, {ref.page_url or ref.url}")
    for reason, count in report.classes[0].skipped.items():
        print(f"{count} not kept: {reason}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
