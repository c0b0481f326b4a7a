from __future__ import annotations

import pickle

import pytest

from kg import errors
from kg.errors import InputError, KgError, NameNotFound


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (KgError("broken"), "broken"),
        (InputError("no title", path="a.csv", line=3, remedy="add one"), "a.csv:3: no title (add one)"),
        (InputError("empty", path="a.csv"), "a.csv: empty"),
        (NameNotFound("no dataset 'cifr'", suggestions=["CIFAR-10"]), "no dataset 'cifr' (did you mean CIFAR-10?)"),
    ],
)
def test_an_error_says_what_where_and_the_remedy(error: KgError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize("name", errors.__all__)
def test_an_error_comes_whole_through_a_process_border(name: str) -> None:
    error = getattr(errors, name)("what", path="p", remedy="do")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.__dict__) == (type(error), str(error), error.__dict__)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), KgError)
        assert f"{name} " in (errors.__doc__ or "") or f"{name}\n" in (errors.__doc__ or "")
