"""What a text says of its code."""

from __future__ import annotations

import pytest

from kg.extract.addresses import find_addresses
from kg.extract.links import code_status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Code: https://github.com/a/b.", "released"),
        ("Our code is publicly available.", "released"),
        ("We open-source the implementation and make it available.", "released"),
        ("Code will be available at https://github.com/a/b.", "promised"),
        ("The source code will be released.", "promised"),
        ("Code will be made publicly available upon acceptance.", "promised"),
        ("Our code is coming; we plan to release it soon.", "promised"),
        ("We study error-correcting codes.", "none"),
        ("The dataset is available online.", "none"),
        ("", "none"),
    ],
)
def test_released_promised_or_none(text: str, status: str) -> None:
    assert code_status(text, list(find_addresses(text))) == status
