"""Writes the page: one file with everything in it, which cannot ask a network for anything."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["page"]

# The build that pyvis 0.3.2 carries. Its pages name it on a server; ours has it inside. It runs with no style sheet of
# its own, asks for nothing and evaluates no strings, so that the policy below can be as strict as it is.
_VIS = "templates/lib/vis-9.1.2/vis-network.min.js"


def page(content: Mapping[str, Any]) -> str:
    """The page that shows `content`. The same content gives the same text."""
    scripts = [_vis(), _own("page.js")]
    style = _own("page.css")
    policy = "; ".join(
        [
            "default-src 'none'",
            "script-src " + " ".join(map(_hash, scripts)),
            "style-src " + _hash(style),
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return _template().render(
        title=content["title"],
        subtitle=content["subtitle"],
        policy=policy,
        style=style,
        scripts=scripts,
        data=_json(content),
    )


def _json(content: Mapping[str, Any]) -> str:
    """JSON that can end no script element, begin no comment and end no line of script."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _own(name: str) -> str:
    return "\n" + files("kg.draw").joinpath(name).read_text(encoding="utf-8")


@cache
def _vis() -> str:
    text = files("pyvis").joinpath(_VIS).read_text(encoding="utf-8")
    script, _, _ = text.partition("//# sourceMappingURL=")  # a map that is not there
    assert "</script" not in script.lower(), "it would end its own element"
    return "\n" + script.rstrip() + "\n"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True)
    return environment.from_string(files("kg.draw").joinpath("page.html").read_text(encoding="utf-8"))
