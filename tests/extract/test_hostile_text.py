"""Whatever an abstract holds, it is extracted or empty: never a crash, offsets right, work in step with its length."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.extract import extract_papers
from kg.extract.addresses import Address, covered
from kg.extract.predicted import to_object
from kg.model import Extraction, Paper

MEGABYTE = 1_000_000


def filled(*pieces: str) -> Callable[[int], str]:
    """The pieces over and over, as many characters as asked for."""
    piece = "".join(pieces)
    return lambda n: (piece * (n // len(piece) + 1))[:n]


def numbered(form: str) -> Callable[[int], str]:
    """`form` with 0, 1, 2, ... as words of letters (w) and their capital form (W), as many characters as asked for."""

    def made(n: int) -> str:
        parts, size = [], 0
        for i in itertools.count():
            if size >= n:
                return "".join(parts)[:n]
            parts.append(form.format(w=word(i), W=word(i).capitalize(), A=word(i).upper()))
            size += len(parts[-1])
        raise AssertionError

    return made


def word(number: int) -> str:
    letters = ""
    number += 26
    while number:
        letters = chr(97 + number % 26) + letters
        number //= 26
    return letters


LONG = {
    "words": numbered("{w} "),
    "one word": filled("a"),
    "one capital word": filled("A"),
    "opening brackets": filled("("),
    "nested brackets": lambda n: "(" * (n // 2) + ")" * (n - n // 2),
    "acronyms": numbered("{W} {W} Model ({A}M), "),
    "capitals": numbered("{A} "),
    "addresses": numbered("https://example.org/{w} "),
    "one address": lambda n: "https://example.org/" + "a" * (n - 20),
    "repositories": numbered("https://github.com/{w}/b "),
}
# A quadratic step shows in these at a fiftieth of the length.
SHAPES = LONG | {
    "names": filled("ImageNet and CIFAR-10/100. "),
    "names and addresses": numbered("We train ImageNet. https://example.org/{w} "),
    "proposals": numbered("We propose {W}Net, called {A}. "),
    "one acronym": filled("graph neural network (GNN) "),
    "a run of sizes": lambda n: "CIFAR-10" + filled("/100")(n - 8),
    "a run of sizes in other letters": lambda n: "CIFAR-10" + filled("/100")(n - 9) + "\u4e00",
    "code": filled("code "),
    "promises": filled("code will be "),
    "promised repositories": numbered("code will be at https://github.com/{w}/b. "),
    "sentences": filled("A. "),
    "no sentence": filled("it is "),
    "symbols": filled("?!$%&/=*+#"),
    "LaTeX": filled(r"$\mathcal{O}(n^{2})$ \textbf{Net} {\em x} "),
    "blanks": filled(" "),
    "line ends": filled("\r\n"),
    "NULs": filled("\0"),
    "control characters": filled(*map(chr, range(32)), "\x7f\x80\x9b"),
    "half surrogates": filled("\ud800 x\udfff"),
    "combining marks": lambda n: "e" + "\u0301" * (n - 1),
    "letters that grow in lower case": filled("İ"),
    "direction marks": filled("\u202eImageNet\u202c\u2066 "),
    "emoji": filled("We use \U0001f600Net on \U0001f469\u200d\U0001f52c data. "),
    "Chinese": filled("我们提出一种图像分类的新方法，并在 ImageNet 上评估。"),
    "Arabic": filled("نقترح طريقة جديدة لتصنيف الصور ونقيّمها على ImageNet. "),
    "Russian": filled("Мы предлагаем новый метод классификации изображений на ImageNet. "),
    "German": filled("Wir schlagen ein neues Verfahren der Bilderkennung vor und prüfen es an ImageNet. "),
}


def one(abstract: str, title: str = "ImageNet") -> tuple[Paper, Extraction]:
    paper = Paper(id="p", title=title, abstract=abstract)
    return paper, next(extract_papers([paper]))


def misplaced(paper: Paper, e: Extraction) -> list[object]:
    """What the laws of a mention do not hold for: its words are at its place, its place in its sentence, scores."""
    wrong: list[object] = [] if e.paper_id == paper.id else [e.paper_id]
    for m in e.mentions:
        text = getattr(paper, m.field)
        placed = 0 <= m.sentence_start <= m.start < m.end <= m.sentence_end <= len(text)
        if not (placed and text[m.start : m.end] == m.text and 0 <= m.score <= 1 and m.name):
            wrong.append(m)
    return wrong


@pytest.mark.parametrize("shape", LONG.values(), ids=LONG)
def test_a_megabyte_is_extracted_or_empty(shape: Callable[[int], str]) -> None:
    assert misplaced(*one(shape(MEGABYTE))) == []


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_offsets_are_right(shape: Callable[[int], str]) -> None:
    assert misplaced(*one(shape(20_000))) == []


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_what_is_written_grows_with_the_text(shape: Callable[[int], str]) -> None:
    paper, e = one(shape(20_000))
    # An entity of one mention takes some 260 characters; the shortest name that stands here has 8 and a blank.
    assert len(json.dumps(to_object(paper, e), ensure_ascii=False)) < 40 * 20_000


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_twice_the_text_is_twice_the_work(shape: Callable[[int], str]) -> None:
    short, long = shape(20_000), shape(40_000)
    one(long)  # words seen for the first time cost more
    assert calls(long) <= 2.3 * calls(short) + 2_000


def calls(abstract: str) -> int:
    """How many functions are called, of Python and of C, to extract."""
    number = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal number
        number += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        one(abstract)
    finally:
        sys.setprofile(before)
    return number


PIECES = st.sampled_from([shape(60) for shape in SHAPES.values()]) | st.text(max_size=20)
TEXTS = st.lists(st.tuples(PIECES, st.integers(1, 30)), max_size=8).map(lambda parts: "".join(p * n for p, n in parts))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(title=TEXTS, abstract=TEXTS)
def test_any_mixture_is_extracted_or_empty_and_can_be_written(title: str, abstract: str) -> None:
    paper, e = one(abstract, title)
    written = to_object(paper, e)
    assert (misplaced(paper, e), json.loads(json.dumps(written))) == ([], written)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TEXTS, min_size=2, max_size=5))
def test_a_hostile_neighbour_changes_nothing(abstracts: list[str]) -> None:
    papers = [Paper(id=str(i), title="On ImageNet", abstract=a) for i, a in enumerate(abstracts)]
    assert list(extract_papers(papers)) == [next(extract_papers([p])) for p in papers]


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "?!$%", "\0\1\2", "\u0301\u0302", "\ud800", "()[]{}", "...", "-" * 9]
)
def test_where_there_are_no_words_nothing_is_found(text: str) -> None:
    assert one(text, text) == (Paper("p", text, text), Extraction("p"))


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=8), st.integers(0, 80), st.integers(1, 20))
def test_marks_tell_what_an_address_covers(places: list[tuple[int, int]], start: int, length: int) -> None:
    addresses = [Address(at, at + size, "https://example.org", "page") for at, size in places]
    end = start + length
    touched = any(a.start < end and start < a.end for a in addresses)
    assert (covered(addresses).find(1, start, end) >= 0) is touched
