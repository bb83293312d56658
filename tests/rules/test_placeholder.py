from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import polars as pl
import pytest

from sanitize.dataset import LINE_COLUMNS, Classes, Dataset, LabelList
from sanitize.judge import judge
from sanitize.rules import discover
from tests.rules.conftest import same_pictures

RULE = "placeholder"
OTHERS = [f"other/{number}.jpg" for number in range(54)]


def find(
    groups: Mapping[str, Sequence[str]],
    *,
    others: Sequence[str] = OTHERS,
    labels: Mapping[str, int] | None = None,
    level: str = "bytes",
    pixels: Sequence[str] = (),
    ignore_label: frozenset[int] = frozenset(),
    content: str = "jpeg",
    mode: str = "RGB",
    contrast: float = 40.0,
    entropy: float | None = None,
    film: bool = False,
    sizes: int = 1,
    jitter: int = 0,
    wider: Sequence[str] = (),
    settings: Mapping[str, object] | None = None,
) -> pl.DataFrame:
    """Return what the rule finds in a set of `others`, which are alone, and groups of files that are the same.

    `pixels` are files of a group that have the same pixels. Those of each group are of `sizes` in turn, and each of them
    `jitter` pixels higher than the one before. In a `film` all pictures nearly look alike, and those in `wider` do so as
    a warning has it.
    """
    files = sorted([*others, *(path for paths in groups.values() for path in paths)])
    same = {path: number for number, paths in enumerate(groups.values()) for path in paths}
    numbers = _numbers(files, groups)
    facts = pl.DataFrame(
        [
            pl.Series("file", range(len(files)), pl.UInt32),
            pl.Series("path", files),
            pl.Series("phash", [f"{random.Random(path).getrandbits(8 if film else 64):016x}" for path in files]),
            *same_pictures(files, {"pixels": dict.fromkeys(pixels, 0), level: same}),
        ]
    ).with_columns(
        content=pl.when(pl.col("path").str.ends_with(".txt")).then(pl.lit("text")).otherwise(pl.lit(content)),
        mode=pl.lit(mode),
        contrast=contrast,
        entropy=pl.lit(entropy, pl.Float64),
        width=pl.Series([320 * (1 + number % sizes) for number in numbers], dtype=pl.Int64),
        height=pl.Series([240 * (1 + number % sizes) + number * jitter for number in numbers], dtype=pl.Int64),
    )
    if wider:
        facts = facts.with_columns(same_picture=pl.when(pl.col("path").is_in(list(wider))).then(pl.lit(0, pl.UInt32)))
    known = labels or {}
    lines = facts.select("file", "path", list=pl.lit(0), line=pl.int_range(1, pl.len() + 1)).with_columns(
        label=pl.Series([known.get(path) for path in files], dtype=pl.Int64), target="path"
    )
    dataset = Dataset(
        facts=facts,
        lines=lines.filter(pl.col("label").is_not_null() | pl.lit(labels is None)),
        lists=(LabelList("train", "train.txt", labels is not None),),
        classes=Classes(None, None),
        unreadable_folders=pl.DataFrame(schema={"path": pl.String, "message": pl.String}),
        leak_keep="last",
        max_pixels=178_956_970,
        ignore_label=ignore_label,
    )
    assert set(lines.columns) <= set(LINE_COLUMNS)
    found = judge(dataset, [discover()[RULE]], {RULE: settings or {}})
    return found.join(facts.select("file", of="path"), on="file", how="left").sort("of")


def _numbers(files: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[int]:
    """Return which of its group each of the files is, 0 for others."""
    numbers = {path: number for paths in groups.values() for number, path in enumerate(paths)}
    return [numbers.get(path, 0) for path in files]


def fires(*arguments: object, **options: object) -> set[str]:
    return set(find(*arguments, **options)["of"])  # type: ignore[arg-type]


def cards(count: int, folder: str = "") -> list[str]:
    return [f"{folder}card{number}.jpg" for number in range(count)]


def in_classes(paths: Sequence[str], classes: int) -> dict[str, int]:
    return {path: number % classes for number, path in enumerate(paths)}


def test_every_file_of_a_card_under_many_labels_is_an_error() -> None:
    labels = in_classes(OTHERS, 6) | in_classes(cards(6), 6)
    found = find({"card": cards(6)}, labels=labels)
    assert found["of"].to_list() == cards(6)
    assert set(found["severity"]) == {"error"}
    assert set(found["message"]) == {"one of 6 files that show the same picture, under 6 labels"}


def test_the_parts_of_the_score_are_evidence() -> None:
    labels = in_classes(OTHERS, 3) | in_classes(cards(9), 3)
    (evidence,) = set(find({"card": cards(9)}, labels=labels)["evidence"])
    assert evidence == (
        '{"copies":9,"labels":3,"folders":1,"names":9,"scenes":9,"forms":1,"outlier":9.0,"spread":1.0,"likeness":1.0,"score":9.0}'
    )


def test_a_tenth_of_a_crawl_is_found_among_its_honest_pairs() -> None:
    groups = {f"pair{number}": [f"pairs/{number}.jpg", f"pairs/{number}_again.jpg"] for number in range(300)}
    lost = [f"n{number % 97}/{number}.jpg" for number in range(1000)]
    others = [f"n{number % 97}/{number}.jpg" for number in range(1000, 9000)]
    labels = {path: int(path[1:].partition("/")[0]) for path in [*lost, *others]}
    assert fires({**groups, "lost": lost}, others=others, labels=labels) == set(lost)
    assert fires({**groups, "lost": lost}, others=others) == set(lost)


def test_two_cards_do_not_hide_each_other() -> None:
    groups = {"one": cards(30), "two": [f"gone{number}.jpg" for number in range(20)]}
    labels = in_classes(OTHERS, 10) | in_classes(groups["one"], 10) | in_classes(groups["two"], 10)
    assert fires(groups, labels=labels) == {*groups["one"], *groups["two"]}


def test_the_cards_of_many_hosts_do_not_hide_each_other() -> None:
    groups = {f"{host}": [f"crawl{number}/{host}.jpg" for number in range(10)] for host in range(4)}
    of_cards = [path for paths in groups.values() for path in paths]
    photos = [f"crawl{number % 10}/photo{number}.jpg" for number in range(100)]
    labels = in_classes(photos, 10) | {path: int(path[5]) for path in of_cards}
    assert fires(groups, others=photos, labels=labels) == set(of_cards)


def test_many_copies_in_one_folder_without_labels_fire() -> None:
    found = find({"card": cards(30, "all/")})
    assert found["of"].to_list() == sorted(cards(30, "all/"))
    assert found["message"][0] == "one of 30 files that show the same picture, under 30 names in 1 folder"


@pytest.mark.parametrize("copies", [5, 6, 10, 15])
def test_copies_under_five_labels_fire_however_many_labels_there_are(copies: int) -> None:
    card = [f"{number % 5}/{number}.jpg" for number in range(copies)]
    labels = {path: int(path[0]) for path in card} | {path: number % 20 for number, path in enumerate(OTHERS)}
    assert fires({"card": card}, labels=labels) == (set(card) if copies >= 6 else set())


@pytest.mark.parametrize(("counts", "fires"), [((5, 4, 4, 4, 3), True), ((5, 5, 4, 3, 3), False)])
def test_a_score_of_four_is_needed(counts: tuple[int, ...], fires: bool) -> None:
    card = [f"{label}/{number}.jpg" for label, count in enumerate(counts) for number in range(count)]
    labels = {path: int(path[0]) for path in card} | {path: number % 20 for number, path in enumerate(OTHERS)}
    assert bool(find({"card": card}, labels=labels).height) == fires  # 4.08 and 3.96


@pytest.mark.parametrize("folders", [7, 8, 12])
def test_one_copy_in_each_of_eight_folders_is_as_good_as_five_labels(folders: int) -> None:
    card = [f"{number}/photo.jpg" for number in range(folders)]
    assert fires({"card": card}, labels={}) == (set(card) if folders >= 8 else set())


@pytest.mark.parametrize("copies", [10, 11, 12, 14, 16, 18, 20, 24, 30, 90])
def test_more_copies_in_ten_folders_are_no_less_of_a_placeholder(copies: int) -> None:
    card = [f"{number % 10}/{number // 10}.jpg" for number in range(copies)]
    assert fires({"card": card}, labels={}) == set(card)


def scattered(copies: int, *, folders: int, files: int, seed: int = 0) -> tuple[list[str], list[str]]:
    """Return files that were overwritten by chance in folders of so many files, numbered anew in each, and the others."""
    paths = [f"class{folder}/{number:03}.jpg" for folder in range(folders) for number in range(files)]
    random.Random(seed).shuffle(paths)
    return paths[:copies], paths[copies:]


@pytest.mark.parametrize("copies", [20, 25, 30, 60, 100])
@pytest.mark.parametrize(("folders", "files"), [(5, 40), (10, 20), (10, 60)])
def test_copies_that_are_scattered_over_folders_fire_however_many_they_are(
    copies: int, folders: int, files: int
) -> None:
    card, others = scattered(copies, folders=folders, files=files)
    assert fires({"card": card}, others=others, labels={}) == set(card)


def test_is_silent_about_copies_in_few_folders_in_films_and_beside_others_as_frequent() -> None:
    card, others = scattered(18, folders=3, files=200)
    assert fires({"card": card}, others=others, labels={}) == set()
    card, others = scattered(18, folders=8, files=40)
    assert fires({"card": card}, others=others, labels={}) == set(card)
    assert fires({"card": card}, others=others, labels={}, film=True) == set()
    card, others = scattered(64, folders=8, files=40)
    groups = {f"{number}": card[16 * number : 16 * number + 16] for number in range(4)}
    assert fires(groups, others=others, labels={}) == set()


@pytest.mark.parametrize(("folders", "each"), [(4, 2), (5, 3), (6, 2), (5, 4), (7, 3)])
def test_is_silent_about_a_page_or_screen_that_is_as_often_in_each_folder(folders: int, each: int) -> None:
    chance = random.Random(0)
    page = [f"part{folder}/{number:03}.jpg" for folder in range(folders) for number in chance.sample(range(30), each)]
    others = [f"part{folder}/{number:03}.jpg" for folder in range(folders) for number in range(30)]
    assert fires({"page": page}, others=sorted({*others} - {*page}), labels={}) == set()


def test_is_silent_about_a_tile_that_covers_much_of_a_map() -> None:
    grass, others = scattered(62, folders=6, files=25)
    assert fires({"grass": grass}, others=others, labels={}) == set()


def test_pictures_that_look_alike_in_a_folder_a_day_are_none() -> None:
    for days in (25, 1000):
        webcam = [f"day{number % days}/noon{number // days}.jpg" for number in range(1000 if days < 1000 else 60)]
        assert not fires({"webcam": webcam}, labels={}, level="near")


def test_a_card_that_is_scaled_anew_each_time_fires_in_many_folders_where_it_is_alone() -> None:
    others = [f"other/{number}.jpg" for number in range(100)]
    card = [f"host{number % 5}/{number}.jpg" for number in range(30)]
    assert fires({"card": card}, others=others, level="near", sizes=4) == set(card)
    for groups, options in (
        ({"frames": card}, {"sizes": 2}),
        ({"crops": card}, {"sizes": 4, "jitter": 2}),
        ({"icon": cards(30)}, {"sizes": 4}),
        ({"cover": [f"case{number}/cover.jpg" for number in range(30)]}, {"sizes": 4}),
        ({"card": card, "logo": cards(6, "logo/")}, {"sizes": 4}),
        ({"card": card[:15]}, {"sizes": 4}),
    ):
        assert fires(groups, others=others, level="near", **options) == set()


@pytest.mark.parametrize("copies", [8, 15])
def test_a_few_copies_that_are_scaled_anew_each_time_fire_under_five_labels(copies: int) -> None:
    labels = in_classes([*OTHERS, *cards(copies)], 5)
    assert fires({"card": cards(copies)}, labels=labels, level="near", sizes=3) == set(cards(copies))
    assert fires({"card": cards(copies)}, labels=labels, level="near", sizes=2) == set()
    two = in_classes([*OTHERS, *cards(copies)], 2)
    assert fires({"card": cards(copies)}, labels=two, level="near", sizes=3) == set()


def test_copies_under_one_name_in_many_folders_fire() -> None:
    copies = [f"album{number}/cover.jpg" for number in range(13)]
    assert fires({"cover": copies}) == set(copies)


def test_copies_that_are_only_alike_fire_under_many_labels() -> None:
    labels = in_classes(OTHERS, 12) | in_classes(cards(12), 12)
    assert fires({"card": cards(12)}, labels=labels, level="near") == set(cards(12))


@pytest.mark.parametrize(("copies", "classes"), [(7, 7), (12, 10), (30, 25)])
def test_copies_that_are_only_alike_need_nearly_as_many_labels(copies: int, classes: int) -> None:
    labels = in_classes(OTHERS, classes) | in_classes(cards(copies), classes)
    assert fires({"card": cards(copies)}, labels=labels, level="near") == set(cards(copies))


@pytest.mark.parametrize(("parts", "classes"), [(6, 6), (40, 2), (300, 2), (60, 5), (150, 8)])
def test_is_silent_about_parts_on_one_bench_with_and_without_flaws(parts: int, classes: int) -> None:
    for others in ([], OTHERS):
        labels = in_classes(others, classes) | in_classes(cards(parts), classes)
        assert fires({"part": cards(parts)}, others=others, labels=labels, level="near") == set()


@pytest.mark.parametrize(("copies", "classes"), [(20, 5), (60, 10)])
def test_a_card_that_is_scaled_anew_each_time_fires_where_it_is_alone(copies: int, classes: int) -> None:
    others = [f"other/{number}.jpg" for number in range(4 * copies)]
    labels = in_classes([*others, *cards(copies)], classes)
    assert fires({"card": cards(copies)}, others=others, labels=labels, level="near") == set(cards(copies))
    again = {"card": cards(copies), "bench": cards(6, "bench/")}
    labels |= in_classes(again["bench"], classes)
    assert fires(again, others=others, labels=labels, level="near") == set()


@pytest.mark.parametrize(("others", "fires"), [(40, True), (39, False)])
def test_a_card_that_is_scaled_anew_each_time_is_no_more_than_a_third_of_all(others: int, fires: bool) -> None:
    alone = [f"other/{number}.jpg" for number in range(others)]
    labels = in_classes([*alone, *cards(20)], 5)
    found = find({"card": cards(20)}, others=alone, labels=labels, level="near")
    assert bool(found.height) == fires


@pytest.mark.parametrize(("more", "count"), [(0, 30), (3, 30), (9, 0), (18, 0)])
def test_parts_on_a_bench_of_which_only_most_are_as_alike_are_no_card(more: int, count: int) -> None:
    others, flawed = [f"other/{number}.jpg" for number in range(150)], [f"flaw{number}.jpg" for number in range(more)]
    labels = in_classes([*others, *cards(30), *flawed], 6)
    found = fires(
        {"part": cards(30)}, others=[*others, *flawed], labels=labels, level="near", wider=[*cards(30), *flawed]
    )
    assert len(found) == count


def test_is_silent_about_a_flaw_that_was_copied_to_balance() -> None:
    labels = in_classes([*OTHERS, *cards(40)], 2)
    copies = cards(10, "again")
    found = fires(
        {"part": [*cards(40), *copies]}, labels=labels | dict.fromkeys(copies, 1), level="near", pixels=copies
    )
    assert found == set()


def test_a_card_under_two_labels_fires_where_many_of_its_files_have_the_same_pixels() -> None:
    labels = in_classes([*OTHERS, *cards(20)], 2)
    assert fires({"card": cards(20)}, labels=labels, level="near", pixels=cards(8)) == set(cards(20))


def test_one_label_for_all_is_as_good_as_none() -> None:
    labels = dict.fromkeys([*OTHERS, *cards(30)], 0)
    assert fires({"card": cards(30)}, labels=labels) == set(cards(30))


@pytest.mark.parametrize("share", [0.01, 0.1, 1 / 3])
def test_copies_that_are_scattered_in_a_folder_fire_whatever_their_share(share: float) -> None:
    for seed in range(10):
        files = [f"crawl/{number}.jpg" for number in range(round(40 / share))]
        lost = random.Random(seed).sample(files, 40)
        assert fires({"lost": lost}, others=sorted(set(files) - set(lost))) == set(lost)


def test_frames_that_follow_one_another_are_one_scene_and_no_placeholder() -> None:
    frames = [f"film/{number}.png" for number in range(300)]
    for still in (slice(20, 68), slice(270, None)):
        others = sorted(set(frames) - set(frames[still]))
        assert not fires({"still": frames[still]}, others=others, film=True)
        assert fires({"card": frames[still]}, others=others) == set(frames[still])
    assert not fires({"title": [*frames[:40], *frames[-40:]]}, others=frames[40:-40], film=True)


def test_copies_that_are_scattered_in_a_film_fire() -> None:
    frames = [f"film/{number}.png" for number in range(300)]
    lost = random.Random(0).sample(frames, 40)
    assert fires({"lost": lost}, others=sorted(set(frames) - set(lost)), film=True) == set(lost)


def test_a_picture_that_stands_still_but_for_a_few_frames_is_no_placeholder() -> None:
    frames = [f"camera/{number}.png" for number in range(300)]
    moving = frames[7::50]
    still = sorted(set(frames) - set(moving))
    assert not fires({"still": still}, others=moving, film=True)


def test_frames_follow_one_another_in_the_order_of_their_numbers() -> None:
    frames = [f"film/frame {number}.png" for number in range(100)]
    others = [*frames[:5], *frames[29:]]
    assert not fires({"still": frames[5:29]}, others=others, film=True, settings={"min_score": 0.5})


def test_only_pictures_stand_between_others() -> None:
    frames = [f"film/{number}.jpg" for number in range(100)]
    captions = [path.replace(".jpg", ".txt") for path in frames]
    assert not fires({"still": frames[20:60]}, others=[*frames[:20], *frames[60:], *captions], film=True)


def test_is_silent_about_augmented_copies_of_many_pictures() -> None:
    groups = {
        f"{number}": [f"class{number % 5}/{number}_{turn}.jpg" for turn in range(10 - number % 4)]
        for number in range(50)
    }
    paths = [path for copies in groups.values() for path in copies]
    labels = {path: int(path[5]) for path in paths}
    for level in ("bytes", "near"):
        assert fires(groups, others=[], level=level) == set()
        assert fires(groups, others=[], labels=labels, level=level) == set()


def test_is_silent_about_augmentations_in_folders_that_are_taken_for_classes() -> None:
    groups = {f"{number}": [f"turn{turn}/{number}.jpg" for turn in range(10)] for number in range(50)}
    labels = {path: int(path[4]) for paths in groups.values() for path in paths}
    assert fires(groups, others=[], labels=labels) == set()


@pytest.mark.parametrize("times", [3, 8])
@pytest.mark.parametrize("labelled", [True, False])
def test_is_silent_about_a_mirrored_tree(times: int, labelled: bool) -> None:
    groups = {f"{number}": [f"mirror{turn}/{number}.jpg" for turn in range(times)] for number in range(60)}
    labels = {path: int(path[6]) for paths in groups.values() for path in paths} if labelled else None
    assert fires(groups, others=[], labels=labels) == set()


def test_is_silent_about_a_logo_that_is_five_times_in_its_class() -> None:
    groups = {"logo": cards(5)}
    assert fires(groups) == set()
    assert fires(groups, labels=in_classes(OTHERS, 6) | dict.fromkeys(cards(5), 2)) == set()


def test_is_silent_about_a_rare_class_that_was_copied_to_balance() -> None:
    labels = in_classes(OTHERS, 6) | dict.fromkeys(cards(200), 7)
    assert fires({"rare": cards(200)}, labels=labels) == set()


def test_is_silent_about_one_copy_under_a_wrong_label() -> None:
    labels = in_classes(OTHERS, 2) | dict.fromkeys(cards(10), 0) | {"card9.jpg": 1}
    assert fires({"logo": cards(10)}, labels=labels) == set()


def test_is_silent_about_a_handful_of_copies_in_other_folders() -> None:
    groups = {f"{number}": [f"part{turn}/{number}.jpg" for turn in range(2 + number % 4)] for number in range(6)}
    assert fires(groups) == set()
    labels = {path: int(path[4]) for paths in groups.values() for path in paths} | in_classes(OTHERS, 5)
    assert fires(groups, labels=labels) == set()


def test_is_silent_about_pictures_that_stand_under_each_of_their_classes() -> None:
    groups = {f"{number}": [f"class{turn}/{number}.jpg" for turn in range(8)] for number in range(50)}
    labels = {path: int(path[5]) for paths in groups.values() for path in paths}
    assert fires(groups, others=[f"class9/{number}.jpg" for number in range(950)], labels=labels) == set()


def test_is_silent_about_a_film_that_stands_still() -> None:
    frames = [f"film/{number:04}.jpg" for number in range(400)]
    assert fires({"still": frames}, level="near") == set()


def test_is_silent_about_empty_masks() -> None:
    masks = [f"masks/{number}.png" for number in range(40)]
    filled = [f"masks/{number}.png" for number in range(40, 70)]
    for content in ("png", "tiff", "gif", "sgi", "tga", "pcx", "sun", "jpeg2000"):
        assert fires({"empty": masks}, others=filled, content=content, mode="L") == set(), content
    assert fires({"empty": masks}, others=filled, content="png", mode="RGB") == set(masks)
    assert fires({"empty": masks}, others=filled, content="jpeg", mode="L") == set(masks)


@pytest.mark.parametrize(("entropy", "is_told"), [(2.0, False), (6.5, True)])
def test_grey_photos_are_no_masks_by_their_values(entropy: float, is_told: bool) -> None:
    lost = [f"{number}/lost{number}.png" for number in range(40)]
    photos = [f"{number % 40}/{number}.png" for number in range(80)]
    found = fires({"lost": lost}, others=photos, content="png", mode="L", entropy=entropy)
    assert found == (set(lost) if is_told else set())


def test_is_silent_about_flat_tiles() -> None:
    tiles = [f"map/{number}/{number % 9}.jpg" for number in range(300)]
    assert fires({"sea": tiles}, contrast=0.2) == set()
    labels = in_classes(OTHERS, 6) | in_classes(cards(6), 6)
    assert fires({"card": cards(6)}, labels=labels, contrast=0.2) == set(cards(6))


def test_is_silent_about_labels_that_training_ignores() -> None:
    labels = dict.fromkeys([*OTHERS, *cards(6)], 0) | {path: number for number, path in enumerate(cards(6), 250)}
    ignored = frozenset(range(250, 256))
    assert fires({"card": cards(6)}, labels=labels, ignore_label=ignored) == set()


def test_is_silent_about_what_is_no_picture() -> None:
    assert fires({"page": cards(30)}, content="html") == set()


def test_is_silent_about_a_set_without_copies() -> None:
    assert fires({}) == set()


def test_the_thresholds_are_settings() -> None:
    groups, labels = {"card": cards(6)}, in_classes([*OTHERS, *cards(6)], 6)
    assert fires(groups, labels=labels, settings={"min_copies": 7}) == set()
    assert fires(groups, labels=labels, settings={"min_score": 6.5}) == set()
    assert fires({"card": cards(18)}) == set()
    assert fires({"card": cards(18)}, settings={"min_score": 3.0}) == set(cards(18))
