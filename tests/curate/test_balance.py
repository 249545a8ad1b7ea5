"""What each class lacks, and the advice."""

from curate.balance import balance
from imgtool.records import Entry
from tests.made import picture


def entries(label: str, count: int, short: int = 480) -> list[Entry]:
    return [
        Entry(f"{label}/{n}.jpg", label, picture(f"{label}{n}".encode(), width=640, height=short)) for n in range(count)
    ]


def test_a_scarce_class_is_told_with_the_command_that_helps() -> None:
    report = balance([*entries("cactus", 40), *entries("palm", 100), *entries("rose", 120)])
    assert report.advice == ("cactus has 40% of the median; scrape 60 more: `imgtool scrape cactus --n 100`.",)
    assert [(one.label, one.count) for one in report.classes] == [("cactus", 40), ("palm", 100), ("rose", 120)]
    assert report.classes[0].share == 40 / 260


def test_an_empty_class_is_told_and_named_for_a_shell() -> None:
    report = balance([*entries("palm", 30), *entries("rose", 30)], labels=["red panda", "palm"], out="my data")
    (line,) = report.advice
    assert line == "red panda is empty; scrape 30 more: `imgtool scrape 'red panda' --n 30 --out 'my data'`."


def test_classes_of_a_few_pictures_are_told_though_all_are_alike() -> None:
    report = balance([*entries("palm", 5), *entries("rose", 5)])
    assert [line.split(",")[0] for line in report.advice] == ["palm has 5", "rose has 5"]


def test_equal_classes_need_no_advice() -> None:
    assert balance([*entries("palm", 50), *entries("rose", 50)]).advice == ()


def test_a_class_from_another_source_is_told() -> None:
    sources = {"palm": {"bing": 5, "openverse": 45}, "rose": {"bing": 150}}
    report = balance([*entries("palm", 50), *entries("rose", 50)], sources=sources)
    (line,) = report.advice
    assert line.startswith("palm: 90% from openverse, 22% of all classes;")


def test_a_class_under_another_licence_is_told() -> None:
    licences = {"palm": {"": 50}, "rose": {"by 4.0": 150}}
    report = balance([*entries("palm", 50), *entries("rose", 50)], licences=licences)
    assert any(line.startswith("palm: 100% under licence unknown") for line in report.advice)


def test_a_class_of_smaller_pictures_is_told() -> None:
    report = balance([*entries("palm", 50), *entries("rose", 50), *entries("fern", 50, short=120)])
    (line,) = report.advice
    assert line.startswith("fern: shorter sides are 120 px, those of the median class 480 px;")
    assert "Export at 120 px" in line


def test_sizes_are_quartiles_of_the_shorter_side() -> None:
    mixed = [one for side in (100, 200, 300, 400, 500) for one in entries("palm", 1, side)]
    assert balance(mixed).classes[0].sizes == (200, 300, 400)


def test_nothing_has_no_balance_to_lose() -> None:
    report = balance([])
    assert (report.classes, report.median, report.advice) == ((), 0.0, ())
