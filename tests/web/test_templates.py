"""Hold every template to the names that its page gives, and every page to a template of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, g
from jinja2 import Environment, meta, nodes

from cityatlas.paths import templates_dir
from cityatlas.web.http.html_page import HtmlPage

TEMPLATES = sorted(path.relative_to(templates_dir()).as_posix() for path in templates_dir().rglob("*.html"))
SHARED = {"base.html", "staff/base.html"}  # what others extend


def kinds_of(kind: type[HtmlPage]) -> Iterator[type[HtmlPage]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from kinds_of(sub)


def pages() -> dict[str, set[str]]:
    """Return the names that pages give, by template."""
    given: dict[str, set[str]] = {}
    for kind in kinds_of(HtmlPage):
        if hasattr(kind, "template"):
            given.setdefault(kind.template, set()).update(kind.names())
    return given


def asked(jinja: Environment, name: str, text: str = "") -> set[str]:
    """Return the names that a template, and what it extends and includes, neither sets nor finds in a loop."""
    tree = read(jinja, name, text)
    wanted = meta.find_undeclared_variables(tree)
    for other in meta.find_referenced_templates(tree):
        wanted |= asked(jinja, other) if other else set()
    return wanted - own_names(jinja, tree)


def own_names(jinja: Environment, tree: nodes.Template) -> set[str]:
    """Return the names that a template sets or imports, and those that what it extends imports."""
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    own |= {node.target for node in tree.find_all(nodes.Import)} | {node.name for node in tree.find_all(nodes.Macro)}
    own |= {name for node in tree.find_all(nodes.FromImport) for name in node.names if isinstance(name, str)}
    for node in tree.find_all(nodes.Extends):
        assert isinstance(node.template, nodes.Const)
        parent = read(jinja, node.template.value)
        own |= {child.target for child in parent.find_all(nodes.Import)}
    return own


def read(jinja: Environment, name: str, text: str = "") -> nodes.Template:
    assert jinja.loader
    return jinja.parse(text or jinja.loader.get_source(jinja, name)[0])


def given_to_all(app: Flask) -> set[str]:
    """Return the names that every template knows; those of the desk where it is open."""
    with app.test_request_context("/en/staff/"):
        g.language, g.is_language_fixed, g.is_desk_open = "en", True, True
        context: dict[str, object] = {}
        app.update_template_context(context)
    return {*context, *app.jinja_env.globals}


@pytest.mark.parametrize(
    "name",
    [name for name in TEMPLATES if "/_" not in f"/{name}" and name not in SHARED],
)
def test_a_template_uses_only_what_a_page_gives(toy_app: Flask, name: str) -> None:
    assert asked(toy_app.jinja_env, name) - given_to_all(toy_app) - pages()[name] == set()


def test_a_name_that_no_page_gives_is_found(toy_app: Flask) -> None:
    text = (
        '{% extends "base.html" %}{% block main %}{{ sources }}{% for a in b %}{{ a }}{% endfor %}{{ t }}{% endblock %}'
    )
    wanted = asked(toy_app.jinja_env, "", text) - given_to_all(toy_app)
    assert wanted - pages()["public/about.html"] == {"b"}


def test_each_page_has_a_template() -> None:
    assert set(pages()) <= set(TEMPLATES)
