from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def test_finds_lines_that_cannot_be_taken_apart(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("malformed-line", {"train.txt": b"a.jpg 0\n 3\nb\0.jpg 1\nb.jpg 1\rc.jpg 2\n"})
    assert found == [
        (2, "error", "no path before the label"),
        (3, "error", "a NUL byte inside the line"),
        (4, "error", "a carriage return inside the line"),
    ]


def test_finds_rows_with_too_many_fields(judge_lists: Callable[..., list[Any]]) -> None:
    found = judge_lists("malformed-line", {"t.csv": "path,label\na.jpg,0\nb,c.jpg,1\n,1\n"})
    assert found == [
        (3, "error", "3 fields where the first row has 2 (a name with `,` needs quotes)"),
        (4, "error", "no path before the label"),
    ]


@pytest.mark.parametrize(
    ("content", "lines", "opened", "last"),
    [
        ('path,label\na.jpg,cat\nb.jpg,"dog\n\nc.jpg,cat\nd.jpg,"dog\ne.jpg,cat\n', [3, 5, 6], 3, 6),
        ('path,label\r\na.jpg,cat\r\nb.jpg,"dog\r\nc.jpg,"cat\r\n', [3, 4], 3, 4),
        ('path,label\n"a.jpg,cat\nb.jpg,dog\n"c.jpg,cat\nd.jpg,dog\n', [2, 3, 4], 2, 4),
        ('label,path\ndog,a.jpg\n"cat,b.jpg\n"dog,c.jpg\n', [3, 4], 3, 4),
        ('path,label,note\na.jpg,cat,"old\nb.jpg,dog,\nc.jpg,cat,"new\n', [2, 3, 4], 2, 4),
        ('path,note,label\na.jpg,"two\nlines","cat\nb.jpg,"dog\n', [2, 3, 4], 3, 4),
        ('path,"label\na.jpg,cat\nb.jpg,"dog\n', [2, 3], 1, 3),
        # The first is closed before a label and the path of another sample; two more seem to close what is open.
        ('label,x,path,note,y\n"0","ok,a.jpg,"",\n1,"a b c",b.jpg,"5 x 7","ok"\n1,ok,c.jpg,a,b\n', [2, 3], 2, 3),
        ('label,x,path,note\n"cat","ok,a.jpg,""\n"dog","ok",b.jpg,""\n"dog",ok,c.jpg,\n', [2, 3], 2, 3),
        ('label,path,note\n"cat",a.jpg,""\ndog,"b.jpg","a b\ncat,"c.jpg"",\ndog,d.jpg,""\n', [3, 4], 3, 4),
        ('label,path,note\ncat,"a.jpg","a ""b\ndog,"b.jpg",x\ncat,c.jpg,""\n', [2, 3], 2, 3),
        ('path,label,note\na.jpg,cat,"two\nlines" or more\nc.jpg,cat,\n', [2, 3], 2, 3),
    ],
)
def test_finds_every_line_that_a_quote_left_open_takes_in(
    content: str, lines: list[int], opened: int, last: int, judge_lists: Callable[..., list[Any]]
) -> None:
    taken = f"lines {opened + 1} to {last}" if last > opened + 1 else f"line {last}"
    message = f"the quote on line {opened} is left open and takes in {taken}; one in a name is written twice, in quotes"
    files = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"]
    found = judge_lists("malformed-line", {"t.csv": content}, files=files)
    assert found == [(line, "error", message) for line in lines]


@pytest.mark.parametrize(
    ("content", "lines", "opened", "last"),
    [
        ('path,label\na.jpg,"cat\nb.jpg,dog\nc.jpg,cat"\nd.jpg,dog\n', [2, 3, 4], 2, 4),
        ('path,label\n"a.jpg,cat\nb.jpg",dog\nc.jpg,cat\n', [2, 3], 2, 3),
        ('path,label\n"a.jpg,cat\nb.jpg,dog"\nc.jpg,cat\n', [2, 3], 2, 3),
        ('path,label\na.jpg,"cat\nb.jpg,"\nc.jpg,cat\n', [2, 3], 2, 3),
        ('path,label\na.jpg,"cat\nlost.png,dog\nother.png,dog"\nc.jpg,cat\n', [2, 3, 4], 2, 4),
        ('path,label,note\na.jpg,"cat\nb.jpg,dog\nc.jpg,cat"\nd.jpg,dog\n', [2, 3, 4], 2, 4),
        ('label,path\n"cat,a.jpg\ndog",b.jpg\ncat,c.jpg\n', [2, 3], 2, 3),
        ('path,label,note\na.jpg,cat,"old\nb.jpg,dog,\nc.jpg,cat,new"\nd.jpg,dog,\n', [2, 3, 4], 2, 4),
        ('path,label,note\na.jpg,cat,"old\nb.jpg,dog,"\nb.jpg,cat,\n', [2, 3], 2, 3),
        ('path,label,note\n"n\nl.jpg",cat,"old\nb.jpg,dog,new"\nc.jpg,cat,\n', [2, 3, 4], 3, 4),
        ('path,"label\na.jpg,dog"\nb.jpg,dog\nc.jpg,cat\n', [2], 1, 2),
        ('path,label,note\na.jpg,cat,"old\nb.jpg,dog",new\nc.jpg,cat,\n', [2, 3], 2, 3),
        ('note,label,path\n"x","cat","a.jpg\n",dog,b.jpg\nx,cat,"c.jpg"\n', [2, 3], 2, 3),
        ('note,x,path,label\nx,x,a.jpg,"cat""\n1,"",b.jpg,""","ok"\nx,x,c.jpg,cat\n', [2, 3], 2, 3),
        ('path,label,note,x\na.jpg,cat,"old\nb.jpg,dog,new,",\nc.jpg,cat,"two\nlines",\n', [2, 3], 2, 3),
    ],
)
def test_finds_lines_of_samples_that_two_stray_quotes_make_a_cell_of(
    content: str, lines: list[int], opened: int, last: int, judge_lists: Callable[..., list[Any]]
) -> None:
    taken = f"lines {opened + 1} to {last}" if last > opened + 1 else f"line {last}"
    message = f"the quote on line {opened} is closed on line {last} only, and takes in rows of samples with {taken}"
    files = ["a.jpg", "b.jpg", "c.jpg", "d.jpg", "n\nl.jpg"]
    found = judge_lists("malformed-line", {"t.csv": content}, files=files)
    assert found == [(line, "error", message) for line in lines]


def test_finds_hundreds_of_lines_that_two_stray_quotes_take_in(judge_lists: Callable[..., list[Any]]) -> None:
    files = [f"p{number}.jpg" for number in range(400)]
    rows = {name: f"{name},husky" for name in files} | {"p3.jpg": 'p3.jpg,"husky', "p390.jpg": 'p390.jpg,husky"'}
    content = "path,label\n" + "".join(f"{row}\n" for row in rows.values())
    found = judge_lists("malformed-line", {"t.csv": content}, files=files)
    assert [line for line, _, _ in found] == list(range(5, 393))


@pytest.mark.parametrize(
    "content",
    [
        'path,label\na.jpg,"cat\n"\nb.jpg,"dog\n"\n',
        'path,label\r\na.jpg,"Siberian\r\nhusky"\r\nb.jpg,"dog" \r\n',
        'label,path\n"Siberian\nhusky, grey",a.jpg\n"\ndog","b.jpg\n"\n',
        'path,label\na.jpg,"cat\n" \nb.jpg,"dog\n"',
        'path,label,note\na.jpg,cat,"see\nb.jpg,dog,twice"\nb.jpg,dog,\n',
        'path,label,note\na.jpg,cat,"see\nb.jpg,dog,\n and c.jpg"\n"b.jpg","dog",""\n',
        'note,label,path\n"see\nbelow","Siberian\nhusky",a.jpg\n"two\nlines",dog,"b.jpg"\n',
        'path,label,note\na.jpg,"cat\n","see\nthat, this, and\n"\nb.jpg,dog,\n',
    ],
)
def test_is_silent_about_quotes_that_are_closed(content: str, judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("malformed-line", {"t.csv": content}) == []


@pytest.mark.parametrize(
    "content",
    [
        'path,label,note\na.jpg,cat,"see\nb.jpg"\nb.jpg,dog,"two\nlines, or\nthree"\n',
        'path,"what is\non it"\na.jpg,cat\nb.jpg,dog\n',
        'note,label,path\n"two\nlines",cat,"n\nl"\n,dog,"./n\nl.jpg"\n',
        'path,label\r"n\rl.jpg",cat\ra.jpg,"dog"\r',
    ],
)
def test_is_silent_about_line_breaks_in_remarks_and_names_of_samples(
    content: str, judge_lists: Callable[..., list[Any]]
) -> None:
    files = ["a.jpg", "b.jpg", "n\nl.jpg"]
    assert judge_lists("malformed-line", {"t.csv": content}, files=files) == []


@pytest.mark.parametrize(
    "content",
    [
        'path,label\n"a\n b.jpg",1\n',
        'label,path\n1,"a\nb, c.jpg"\n',
        'label,path\n1,"a\n1,c.jpg"\n',
        'path,label\n"f\n""g"".jpg",0\n',
        'caption,path,label,note\n"x\ny","""q"".jpg",cat,"u\nv"\n',
        'caption,note,label,path\n",,,","\n",,",c.jpg"\n',
        'caption,path,label\n"one, two, and\n","d, e.jpg",cat\n',
        'path,label\n"gone\nc.jpg",0\nc.jpg,1\n',
    ],
)
def test_is_silent_about_delimiters_and_quotes_in_names_beside_line_breaks(
    content: str, judge_lists: Callable[..., list[Any]]
) -> None:
    files = ["a\n b.jpg", "a\nb, c.jpg", "a\n1,c.jpg", 'f\n"g".jpg', '"q".jpg', ",c.jpg", "d, e.jpg", "c.jpg"]
    assert judge_lists("malformed-line", {"t.csv": content}, files=files) == []


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_finds_a_quote_on_the_last_line_that_is_never_closed(end: str, judge_lists: Callable[..., list[Any]]) -> None:
    message = "the quote on line 3 is never closed; one in a name is written twice, in quotes"
    found = judge_lists("malformed-line", {"t.csv": f'path,label\na.jpg,0\nb.jpg,"1{end}'})
    assert found == [(3, "error", message)]


def test_is_silent_about_quotes_blanks_and_odd_names(judge_lists: Callable[..., list[Any]]) -> None:
    text = 'path,label\n"a,b.jpg",0\n"n\nl.jpg",1\n=cmd.jpg,1\n\n<script>.jpg,1,,\n'
    files = ["a,b.jpg", "n\nl.jpg", "=cmd.jpg", "<script>.jpg"]
    assert judge_lists("malformed-line", {"t.csv": text}, files=files) == []


def test_is_silent_about_lines_that_other_rules_judge(judge_lists: Callable[..., list[Any]]) -> None:
    assert judge_lists("malformed-line", {"train.txt": "a.jpg 0\r\n\r\n\n  \nb.jpg\n\ta.jpg 1\na.jpg\t1 \n"}) == []
