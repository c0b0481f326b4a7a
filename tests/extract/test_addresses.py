"""Addresses in running text, with the damage that papers do to them."""

from __future__ import annotations

import pytest

from kg.extract.addresses import find_addresses


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("Code: https://github.com/megvii-research/RevCol.", "https://github.com/megvii-research/RevCol"),
        ("(https://github.com/a/b)", "https://github.com/a/b"),
        (r"\url{https://github.com/a/b}.", "https://github.com/a/b"),
        (r"\href{https://github.com/a/b}{here}", "https://github.com/a/b"),
        (r"https://github.com/a/my\_repo", "https://github.com/a/my_repo"),
        ("https://github.com/a/{b}.", "https://github.com/a/b"),
        ("https://github.com/a/b.git", "https://github.com/a/b"),
        ("https://github.com/a/b/tree/main/src", "https://github.com/a/b"),
        ("https://github.com/a/b/blob/main/README.md.", "https://github.com/a/b"),
        ("https: //github. com/UARK-AICV/ZEETAD.", "https://github.com/UARK-AICV/ZEETAD"),
        ("https://github.com/ UARK-AICV/GazeSearch.", "https://github.com/UARK-AICV/GazeSearch"),
        ("https://github.com/owner/\nname.", "https://github.com/owner/name"),
        ("https://github.com/bcmi/Shadow-\nDESOBA.", "https://github.com/bcmi/Shadow-DESOBA"),
        ("available at github.com/bowen-upenn/PersonaMem.", "https://github.com/bowen-upenn/PersonaMem"),
        ("http://www.github.com/a/b", "https://github.com/a/b"),
        ("obtained fromhttps://github.com/a/b", "https://github.com/a/b"),
        ("https://gitlab.com/a/b", "https://gitlab.com/a/b"),
        ("https://bitbucket.org/a/b/src/master", "https://bitbucket.org/a/b"),
        ("https://codeberg.org/a/b", "https://codeberg.org/a/b"),
        ("https://github.com/a/net.js, and", "https://github.com/a/net.js"),
    ],
)
def test_a_repository_is_named_by_host_owner_and_name(text: str, url: str) -> None:
    assert [(a.url, a.kind) for a in find_addresses(text)] == [(url, "repository")]


@pytest.mark.parametrize(
    ("text", "url", "kind"),
    [
        ("at https://owner.github.io/project/.", "https://owner.github.io/project/", "page"),
        ("at https://github.com/ukplab.", "https://github.com/ukplab", "page"),
        ("https://gist.github.com/a/123abc", "https://gist.github.com/a/123abc", "page"),
        ("https://github.com/topics/graphs", "https://github.com/topics/graphs", "page"),
        ("https://huggingface.co/meta/Llama.", "https://huggingface.co/meta/Llama", "model"),
        ("https://huggingface.co/datasets/a/b", "https://huggingface.co/datasets/a/b", "dataset"),
        ("https://huggingface.co/spaces/a/b)", "https://huggingface.co/spaces/a/b", "space"),
        ("https://doi.org/10.1000/x(1).", "https://doi.org/10.1000/x(1)", "doi"),
        ("https://arxiv.org/abs/2301.00001,", "https://arxiv.org/abs/2301.00001", "arxiv"),
        ("https://www.youtube.com/watch?v=x", "https://www.youtube.com/watch?v=x", "video"),
        ("www.praaline.org.", "www.praaline.org", "page"),
    ],
)
def test_other_links_keep_their_kind(text: str, url: str, kind: str) -> None:
    assert [(a.url, a.kind) for a in find_addresses(text)] == [(url, kind)]


@pytest.mark.parametrize(
    "text", ["", "No link here.", "e.g. this/that and 1/2.", "a@b.com/x", "https://", "github.com"]
)
def test_what_is_no_address_is_left_alone(text: str) -> None:
    assert list(find_addresses(text)) == []


@pytest.mark.parametrize(
    "piece", ["https://github.com/", "github.com/a/", "www.", "a.", "http : / / ", "(", "https://a", "-"]
)
def test_a_megabyte_of_trouble_is_read_to_its_end(piece: str) -> None:
    # A pattern that goes over the text once for each of its places would not end while anybody waits.
    text = piece * (1_000_000 // len(piece)) + " https://github.com/a/b"
    assert [a.url for a in find_addresses(text)][-1] == "https://github.com/a/b"
