"""One small graph for many tests: real papers, data sets and repositories, described in words of our own.

Every node and edge type is there; every piece of evidence is found in the text, so its offsets are right. One paper is
hostile on purpose: quotes, markup, a backslash, a line break, an emoji and a terminal control character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from kg import store
from kg.ids import entity_id, repository_id
from kg.model import Edge, Evidence, Field, Node, PropertyValue

__all__ = ["EDGES", "HOSTILE_TITLE", "NODES", "example_graph"]

HOSTILE_TITLE = "\"Quoted\" 'Nets' <script>alert('x')</script> & \\back\\slash\nsecond line \N{TEST TUBE} \x1b[31mred"


@dataclass(frozen=True)
class _Paper:
    id: str
    title: str
    abstract: str
    date: str | None
    marks: tuple[tuple[str, str, str, str], ...]  # edge type, object type, canonical name, words in the text
    repositories: tuple[str, ...] = ()
    code: str = "none"
    authors: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = field(default=())


_PAPERS = (
    _Paper(
        "arxiv:1512.03385",
        "Deep Residual Learning for Image Recognition",
        "We propose ResNet, in which layers learn the difference from their input. ResNet-50 and deeper ones are "
        "trained on ImageNet and CIFAR-10 for image classification. See https://github.com/KaimingHe/deep-residual-networks.",
        "2015-12-10",
        (
            ("INTRODUCES", "Method", "ResNet", "ResNet"),
            ("INTRODUCES", "Method", "ResNet-50", "ResNet-50"),
            ("USES", "Dataset", "ImageNet", "ImageNet"),
            ("USES", "Dataset", "CIFAR-10", "CIFAR-10"),
            ("ADDRESSES", "Task", "image classification", "image classification"),
        ),
        ("https://github.com/KaimingHe/deep-residual-networks",),
        "released",
        ("Kaiming He", "Xiangyu Zhang", "Shaoqing Ren", "Jian Sun"),
    ),
    _Paper(
        "arxiv:1608.06993",
        "Densely Connected Convolutional Networks",
        "DenseNet feeds each layer with the outputs of all layers before it. On CIFAR-10, CIFAR-100 and ImageNet it "
        "needs fewer weights than ResNet. Code: https://github.com/liuzhuang13/DenseNet",
        "2016-08-25",
        (
            ("INTRODUCES", "Method", "DenseNet", "DenseNet"),
            ("COMPARES", "Method", "ResNet", "ResNet"),
            ("USES", "Dataset", "CIFAR-10", "CIFAR-10"),
            ("USES", "Dataset", "CIFAR-100", "CIFAR-100"),
            ("USES", "Dataset", "ImageNet", "ImageNet"),
        ),
        ("https://github.com/liuzhuang13/DenseNet",),
        "released",
        ("Gao Huang", "Zhuang Liu", "Laurens van der Maaten", "Kilian Q. Weinberger"),
    ),
    _Paper(
        "arxiv:1605.07146",
        "Wide Residual Networks",
        "Wider is better than deeper: the wide residual network (WRN) beats ResNet on CIFAR 10 and CIFAR-100 image "
        "classification. Code is at https://github.com/szagoruyko/wide-residual-networks.",
        "2016-05-23",
        (
            ("INTRODUCES", "Method", "WRN", "WRN"),
            ("COMPARES", "Method", "ResNet", "ResNet"),
            ("USES", "Dataset", "CIFAR-10", "CIFAR 10"),
            ("USES", "Dataset", "CIFAR-100", "CIFAR-100"),
            ("ADDRESSES", "Task", "image classification", "image classification"),
        ),
        ("https://github.com/szagoruyko/wide-residual-networks",),
        "released",
        ("Sergey Zagoruyko", "Nikos Komodakis"),
    ),
    _Paper(
        "arxiv:1608.03983",
        "SGDR: Stochastic Gradient Descent with Warm Restarts",
        "SGDR restarts the learning rate of SGD from time to time. We try it with WRN on CIFAR-10 and CIFAR-100. "
        "Our code is available at https://github.com/loshchil/SGDR",
        "2016-08-13",
        (
            ("INTRODUCES", "Method", "SGDR", "SGDR"),
            ("USES", "Method", "SGD", "SGD"),
            ("USES", "Method", "WRN", "WRN"),
            ("USES", "Dataset", "CIFAR-10", "CIFAR-10"),
            ("USES", "Dataset", "CIFAR-100", "CIFAR-100"),
        ),
        ("https://github.com/loshchil/SGDR",),
        "released",
        ("Ilya Loshchilov", "Frank Hutter"),
    ),
    _Paper(
        "arxiv:1706.03762",
        "Attention Is All You Need",
        "The Transformer does machine translation with attention alone. It is trained on WMT 2014. The code used for "
        "training is at https://github.com/tensorflow/tensor2tensor.",
        "2017-06-12",
        (
            ("INTRODUCES", "Method", "Transformer", "Transformer"),
            ("USES", "Dataset", "WMT 2014", "WMT 2014"),
            ("ADDRESSES", "Task", "machine translation", "machine translation"),
        ),
        ("https://github.com/tensorflow/tensor2tensor",),
        "released",
        ("Ashish Vaswani", "Noam Shazeer"),
    ),
    _Paper(
        "arxiv:1810.04805",
        "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
        "BERT is a Transformer that reads both ways. After pre-training it is tuned for question answering on SQuAD "
        "and for the tasks of GLUE. Code and models: https://github.com/google-research/bert",
        "2018-10-11",
        (
            ("INTRODUCES", "Method", "BERT", "BERT"),
            ("USES", "Method", "Transformer", "Transformer"),
            ("USES", "Dataset", "SQuAD", "SQuAD"),
            ("USES", "Dataset", "GLUE", "GLUE"),
            ("ADDRESSES", "Task", "question answering", "question answering"),
        ),
        ("https://github.com/google-research/bert",),
        "released",
        ("Jacob Devlin", "Ming-Wei Chang", "Kenton Lee", "Kristina Toutanova"),
    ),
    _Paper(
        "arxiv:1907.11692",
        "RoBERTa: A Robustly Optimized BERT Pretraining Approach",
        "RoBERTa trains BERT longer and on more text. It gains on GLUE, SQuAD and RACE, a set for question answering. "
        "The model is at https://huggingface.co/roberta-base.",
        "2019-07-26",
        (
            ("INTRODUCES", "Method", "RoBERTa", "RoBERTa"),
            ("COMPARES", "Method", "BERT", "BERT"),
            ("USES", "Dataset", "GLUE", "GLUE"),
            ("USES", "Dataset", "SQuAD", "SQuAD"),
            ("USES", "Dataset", "RACE", "RACE"),
            ("ADDRESSES", "Task", "question answering", "question answering"),
        ),
        links=(("https://huggingface.co/roberta-base", "model"),),
    ),
    _Paper(
        "arxiv:1609.02907",
        "Semi-Supervised Classification with Graph Convolutional Networks",
        "The graph convolutional network (GCN) passes labels along edges. Node classification on Cora and PubMed gets "
        "better. https://github.com/tkipf/gcn",
        "2016-09-09",
        (
            ("INTRODUCES", "Method", "GCN", "GCN"),
            ("USES", "Dataset", "Cora", "Cora"),
            ("USES", "Dataset", "PubMed", "PubMed"),
            ("ADDRESSES", "Task", "node classification", "Node classification"),
        ),
        ("https://github.com/tkipf/gcn",),
        "released",
        ("Thomas N. Kipf", "Max Welling"),
    ),
    _Paper(
        "arxiv:1710.10903",
        "Graph Attention Networks",
        "GAT weighs neighbours by attention. It outperforms GCN in node classification on Cora and PubMed, and works "
        "on PPI. Find it at https://github.com/PetarV-/GAT.",
        "2017-10-30",
        (
            ("INTRODUCES", "Method", "GAT", "GAT"),
            ("COMPARES", "Method", "GCN", "GCN"),
            ("USES", "Dataset", "Cora", "Cora"),
            ("USES", "Dataset", "PubMed", "PubMed"),
            ("USES", "Dataset", "PPI", "PPI"),
            ("ADDRESSES", "Task", "node classification", "node classification"),
        ),
        ("https://github.com/PetarV-/GAT",),
        "released",
        ("Petar Veličković", "Yoshua Bengio"),
    ),
    _Paper(
        "arxiv:1909.05855",
        "Towards Scalable Multi-domain Conversational Agents: The Schema-Guided Dialogue Dataset",
        "We release the Schema-Guided Dialogue (SGD) data for dialogue state tracking, with a first model based on "
        "BERT. It can be had at https://github.com/google-research-datasets/dstc8-schema-guided-dialogue.",
        "2019-09-12",
        (
            ("INTRODUCES", "Dataset", "SGD", "SGD"),
            ("USES", "Method", "BERT", "BERT"),
            ("ADDRESSES", "Task", "dialogue state tracking", "dialogue state tracking"),
        ),
        ("https://github.com/google-research-datasets/dstc8-schema-guided-dialogue",),
        "released",
        ("Abhinav Rastogi", "Xiaoxue Zang"),
    ),
    _Paper(
        "arxiv:2010.11929",
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        "The Vision Transformer (ViT) cuts a picture into patches. Next to ResNet it does well in image classification "
        "on ImageNet and CIFAR-100. Code: https://github.com/google-research/vision_transformer",
        "2020-10-22",
        (
            ("INTRODUCES", "Method", "ViT", "ViT"),
            ("USES", "Method", "Transformer", "Transformer"),
            ("COMPARES", "Method", "ResNet", "ResNet"),
            ("USES", "Dataset", "ImageNet", "ImageNet"),
            ("USES", "Dataset", "CIFAR-100", "CIFAR-100"),
            ("ADDRESSES", "Task", "image classification", "image classification"),
        ),
        ("https://github.com/google-research/vision_transformer",),
        "released",
        ("Alexey Dosovitskiy", "Neil Houlsby"),
    ),
    _Paper(
        "title:quoted-nets",
        HOSTILE_TITLE,
        'We train ViT on CIFAR-10 and say <b>"more"</b>. Code will be released.',
        "2023-02",
        (
            ("USES", "Method", "ViT", "ViT"),
            ("USES", "Dataset", "CIFAR-10", "CIFAR-10"),
        ),
        code="promised",
    ),
    _Paper(
        "title:a-look-back",
        "A Look Back at Ten Years of Pictures and Words",
        "From the CIFAR data and ImageNet to the Transformer and BERT: image classification and machine translation "
        "have come a long way.",
        None,
        (
            ("MENTIONS", "Dataset", "CIFAR", "CIFAR"),
            ("MENTIONS", "Dataset", "ImageNet", "ImageNet"),
            ("MENTIONS", "Method", "Transformer", "Transformer"),
            ("MENTIONS", "Method", "BERT", "BERT"),
            ("ADDRESSES", "Task", "image classification", "image classification"),
            ("ADDRESSES", "Task", "machine translation", "machine translation"),
        ),
    ),
)
_ALIASES = {
    "dataset:cifar10": ("CIFAR 10", "Cifar10"),
    "dataset:imagenet": ("ILSVRC", "ImageNet-1k"),
    "dataset:sgd": ("Schema-Guided Dialogue",),
    "method:resnet": ("Residual Network", "deep residual network"),
    "method:sgd": ("Stochastic Gradient Descent",),
    "method:gcn": ("GCNs", "graph convolutional network"),
    "method:vit": ("Vision Transformer",),
    "method:wrn": ("wide residual network",),
    "task:questionanswering": ("QA",),
}
_VARIANTS = (
    ("Dataset", "CIFAR-10", "CIFAR"),
    ("Dataset", "CIFAR-100", "CIFAR"),
    ("Method", "ResNet-50", "ResNet"),
    ("Method", "WRN", "ResNet"),
    ("Method", "RoBERTa", "BERT"),
)


def _evidence(paper: _Paper, words: str, source: str) -> tuple[Evidence, ...]:
    """Every place of `words` in the paper, title first."""
    found = []
    texts: tuple[tuple[Field, str], ...] = (("title", paper.title), ("abstract", paper.abstract))
    for where, text in texts:
        for match in re.finditer(rf"(?<![\w/-]){re.escape(words)}(?![\w-])", text):
            ends = [0, *(m.end() for m in re.finditer(r"(?<=[.!?])\s+(?=[A-Z])", text)), len(text)]
            start = max(e for e in ends if e <= match.start())
            end = min(e for e in ends if e > match.start())
            end = start + len(text[start:end].rstrip())
            found.append(Evidence(where, *match.span(), match[0], source, 0.875, start, end))
    assert found, (paper.id, words)
    return tuple(found)


def _edge(paper: _Paper, kind: str, object_type: str, object_id: str, words: str, source: str) -> Edge:
    proof = _evidence(paper, words, source)
    quotes = dict.fromkeys(getattr(paper, e.field)[e.sentence_start : e.sentence_end] for e in proof)
    properties: dict[str, PropertyValue] = {
        "score": max(e.score for e in proof),
        "quotes": tuple(quotes),
        "fields": tuple(dict.fromkeys(e.field for e in proof)),
        "sources": (source,),
    }
    return Edge(kind, paper.id, "Paper", object_id, object_type, properties, proof)


def _paper_node(paper: _Paper) -> Node:
    identifiers = (paper.id,) if paper.id.startswith("arxiv:") else ()
    return Node(
        paper.id,
        "Paper",
        {
            "title": paper.title,
            "abstract": paper.abstract,
            "year": int(paper.date[:4]) if paper.date else None,
            "date": paper.date,
            "url": f"https://arxiv.org/abs/{paper.id.removeprefix('arxiv:')}" if identifiers else None,
            "authors": paper.authors,
            "author_count": len(paper.authors) or None,
            "identifiers": identifiers,
            "categories": ("cs.LG",) if identifiers else (),
            "sources": (f"examples.jsonl:{_PAPERS.index(paper) + 1}",),
            "code": paper.code,
            "links": tuple(url for url, _ in paper.links),
            "link_kinds": tuple(kind for _, kind in paper.links),
        },
    )


def _from_papers() -> tuple[list[Edge], dict[tuple[str, str], str]]:
    """The edges that the papers say, and the name of everything they end at."""
    edges: list[Edge] = []
    names: dict[tuple[str, str], str] = {}
    for paper in _PAPERS:
        for kind, object_type, name, words in paper.marks:
            key = entity_id(object_type, name)
            names[object_type, key] = name
            edges.append(_edge(paper, kind, object_type, key, words, "lexicon"))
        for url in paper.repositories:
            key = repository_id(url)
            names["Repository", key] = url.removeprefix("https://github.com/")
            edges.append(_edge(paper, "HAS_CODE", "Repository", key, url, "links"))
    return edges, names


def _that_follow(edges: list[Edge]) -> list[Edge]:
    """EVALUATED_ON and IMPLEMENTS, from what each paper introduces, uses and links to."""
    follows: dict[tuple[str, str, str, str, str], set[str]] = {}
    for made in (e for e in edges if e.type == "INTRODUCES" and e.object_type == "Method"):
        for e in (e for e in edges if e.subject == made.subject):
            if e.type in ("INTRODUCES", "USES") and e.object_type == "Dataset":
                ends = ("EVALUATED_ON", made.object, "Method", e.object, "Dataset")
                follows.setdefault(ends, set()).add(e.subject)
            elif e.type == "HAS_CODE":
                ends = ("IMPLEMENTS", e.object, "Repository", made.object, "Method")
                follows.setdefault(ends, set()).add(e.subject)
    return [Edge(*ends, {"papers": tuple(sorted(papers)), "score": 0.875}) for ends, papers in follows.items()]


def _entity(object_type: str, key: str, name: str, papers: int) -> Node:
    properties: dict[str, PropertyValue] = {"name": name, "papers": papers}
    if object_type == "Repository":
        properties |= {"url": f"https://github.com/{name}", "host": "github.com"}
    else:
        properties["aliases"] = _ALIASES.get(key, ())
    if object_type == "Method":
        properties["kind"] = "named"
    return Node(key, object_type, properties)


def _make() -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    edges, names = _from_papers()
    papers = {(kind, key): len({e.subject for e in edges if e.object == key}) for kind, key in names}
    nodes = [*map(_paper_node, _PAPERS), *(_entity(*end, name, papers[end]) for end, name in names.items())]
    variants = [
        Edge("VARIANT_OF", entity_id(t, a), t, entity_id(t, b), t, {"sources": ("name",)}) for t, a, b in _VARIANTS
    ]
    return tuple(nodes), (*edges, *variants, *_that_follow(edges))


NODES, EDGES = _make()


def example_graph(path: str | Path) -> store.Store:
    """Write the example graph as a graph folder at `path`, and open it."""
    return store.write(path, NODES, EDGES, manifest={"tool": "kg", "inputs": []})
