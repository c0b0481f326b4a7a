"""Names to entities: what joins, what stays apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from standin import Entry

from kg.ids import entity_id
from kg.model import Extraction, Mention
from kg.resolve import Form, Pair, Vote, bases, forms, known, pairs, unite


def mention(text: str, name: str, type: str = "Method") -> Mention:
    return Mention("abstract", 0, len(text), text, type, name, "test", 1.0, 0, len(text))


def m(name: str) -> str:
    return entity_id("Method", name)


def votes(*counted: tuple[str, str, int, int], spelled: bool = True) -> list[Vote]:
    return [Vote(m(a), m(b), papers, total, spelled) for a, b, papers, total in counted]


NOTHING = known([])


def test_a_short_form_has_the_id_of_the_long_form_that_its_paper_spells_out() -> None:
    found = Extraction(
        "p", (mention("SAM", "SAM"), mention("Adam", "Adam")), pairs=(("SAM", "Segment Anything Model", "Method"),)
    )
    spelled = pairs(found)
    assert spelled == (Pair("Method", "SAM", m("SAM"), "Segment Anything Model", m("Segment Anything Model")),)
    assert list(forms(found, spelled)) == [
        Form(m("Segment Anything Model"), m("SAM"), m("SAM")),
        Form(m("Adam"), m("Adam"), m("Adam")),
    ]


def test_words_that_the_extractor_calls_by_their_initials_are_a_pair() -> None:
    found = Extraction("p", (mention("Reversible Column Network", "RevCol"),))
    assert [(p.short, p.long) for p in pairs(found)] == [("RevCol", "Reversible Column Network")]


def test_a_name_with_the_word_dataset_after_it_is_no_short_form() -> None:
    assert pairs(Extraction("p", (mention("CIFAR-10 dataset", "CIFAR-10", "Dataset"),))) == ()


def test_of_two_long_forms_in_one_paper_the_first_counts() -> None:
    found = Extraction("p", pairs=(("GAN", "generative net", "Method"), ("GAN", "graph attention net", "Method")))
    assert [p.long for p in pairs(found)] == ["generative net"]


def test_a_pair_from_long_to_short_is_passed_over_so_that_there_are_no_circles() -> None:
    assert pairs(Extraction("p", pairs=(("graph neural network", "GNN", "Method"),))) == ()


def test_words_without_letters_are_no_name_of_their_own() -> None:
    (form,) = forms(Extraction("p", (mention("100", "CIFAR-100", "Dataset"),)), ())
    assert form == Form(entity_id("Dataset", "CIFAR-100"), entity_id("Dataset", "CIFAR-100"), None)


def test_words_that_say_more_or_less_than_the_name_are_no_name_of_their_own() -> None:
    calls = [
        ("defect detection", "road defect detection", None),
        ("retrieval-augmented generation optimizer", "retrieval-augmented generation", None),
        ("CIFAR-10/100", "CIFAR-100", None),
        ("latent diffusion", "latent diffusion models", m("latent diffusion")),
        ("Waymo", "Waymo Open Dataset", m("Waymo")),
        ("ConvNets", "CNN", m("ConvNet")),
    ]
    found = Extraction("p", tuple(mention(text, name) for text, name, _ in calls))
    assert [form.text_id for form in forms(found, ())] == [text_id for _, _, text_id in calls]


def test_a_piece_of_a_sentence_is_no_long_form() -> None:
    clause = ("MNIST", "models do better than before in accuracy, achieving 99", "Dataset")
    name = ("FAIR", "findable, accessible, interoperable, and reusable", "Method")
    assert [p.short for p in pairs(Extraction("p", pairs=(clause, name)))] == ["FAIR"]


def test_a_short_form_that_papers_agree_on_joins_its_long_form_everywhere() -> None:
    joined = unite(votes(("GNN", "graph neural network", 8, 10)), NOTHING)
    assert joined[m("GNN")] == joined[m("graph neural network")]


def test_long_forms_that_papers_disagree_on_stay_apart_and_so_does_the_short_form() -> None:
    disputed = votes(("SAM", "segment anything model", 7, 10), ("SAM", "sharpness aware minimization", 3, 10))
    assert unite(disputed, NOTHING) == {}


def test_a_chain_ends_in_one_class() -> None:
    chain = votes(("a1", "bb1", 1, 1), ("bb1", "ccc1", 1, 1), ("ccc1", "a1", 1, 1))
    assert unite(chain, NOTHING) == dict.fromkeys(sorted(map(m, ("a1", "bb1", "ccc1"))), m("a1"))


def test_two_entries_of_the_lexicon_are_joined_only_where_papers_spell_it_out() -> None:
    lexicon = known([Entry("LLM", "Method"), Entry("large language model", "Method")])
    both = votes(("LLM", "large language model", 9, 10), spelled=True)
    assert set(unite(both, lexicon).values()) == {m("large language model")}
    assert unite(votes(("LLM", "large language model", 9, 10), spelled=False), lexicon) == {}


def test_the_lexicons_aliases_join_and_one_of_two_entries_joins_neither() -> None:
    lexicon = known(
        [Entry("ImageNet", "Dataset", ("ILSVRC", "IN")), Entry("Indoor", "Dataset", ("IN",)), Entry("IN", "Method")]
    )
    ilsvrc, imagenet = entity_id("Dataset", "ILSVRC"), entity_id("Dataset", "ImageNet")
    assert unite([], lexicon) == {ilsvrc: ilsvrc, imagenet: ilsvrc}


def test_an_entrys_own_name_is_stronger_than_anothers_alias() -> None:
    lexicon = known([Entry("large language model", "Method", ("LLM",)), Entry("LLM", "Method")])
    assert lexicon.spellings[m("LLM")] == m("LLM")


NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f"])


@given(
    st.lists(st.tuples(NAMES, NAMES, st.integers(1, 9), st.integers(1, 9)), max_size=12),
    st.lists(NAMES, unique=True, max_size=3),
    st.randoms(),
)
def test_the_order_of_votes_changes_nothing_and_a_class_has_one_root(
    counted: list[tuple[str, str, int, int]], listed: list[str], random: object
) -> None:
    given_votes = votes(*counted, spelled=False)
    lexicon = known([Entry(name, "Method") for name in listed])
    roots = unite(given_votes, lexicon)
    random.shuffle(given_votes)  # type: ignore[attr-defined]
    assert unite(given_votes, lexicon) == roots
    assert all(roots[root] == root for root in roots.values())
    own = [roots.get(key, key) for key in lexicon.entries]
    assert len(set(own)) == len(own), "two entries of the lexicon in one class"


def test_bases_of_names() -> None:
    wanted = {
        "ResNet-50": ["ResNet"],
        "CIFAR-10": ["CIFAR"],
        "MIMIC-III": ["MIMIC"],
        "Llama 3.1": ["Llama"],
        "Llama-2-7B": ["Llama-2", "Llama"],
        "ViT-B/16": ["ViT"],
        "BERT-large": ["BERT"],
        "YOLOv8": ["YOLO"],
        "ImageNet-1K": ["ImageNet"],
        "VOC 2012": ["VOC"],
        "T5": [],
        "k-means": [],
        "Q-learning": [],
        "Word2Vec": [],
        "WordNet": [],
    }
    assert {name: list(bases(name)) for name in wanted} == wanted
