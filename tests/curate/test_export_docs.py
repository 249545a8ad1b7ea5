"""The page on export cannot lie: its code runs, or is the very code that other tests run."""

import re
from pathlib import Path

import pytest

from curate.export import FORMATS
from curate.export.snippets import SNIPPETS
from curate.presets import PRESETS
from tests.painted import encoded, scene

PAGE = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_shows_each_formats_own_code() -> None:
    assert set(BLOCKS[1:]) == set(SNIPPETS.values())
    assert all(f"### {name}\n" in PAGE for name in FORMATS)
    assert all(f"| `{name}` |" in PAGE for name in PRESETS)


def test_the_pages_first_code_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from curate.examiners import examine_all
    from imgtool.dataset import Dataset

    monkeypatch.chdir(tmp_path)
    for seed in range(4):
        folder = tmp_path / "data" / ("cat" if seed % 2 else "dog")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{seed}.jpg").write_bytes(encoded(scene(seed=seed), "JPEG"))
    with Dataset.open("data") as dataset, dataset.writing():
        for label in dataset.classes():
            paths = dataset.unexamined(label)
            seen = dict(examine_all([dataset.root / path for path in paths], 1))
            dataset.adopt(label, [(path, seen[dataset.root / path]) for path in paths])
    exec(compile(BLOCKS[0], "docs/export.md", "exec"), {})
    assert "'cat': 20, 'dog': 20" in capsys.readouterr().out
