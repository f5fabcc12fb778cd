"""HTML of the page's own: what comes from outside stays text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from small_published import HANDLER, SCRIPT

from warehouse.page import markup
from warehouse.page.answers import Piece

OWN = {"p", "mark", "span", "dl", "dt", "dd", "a", "div"}
outside = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])) | st.sampled_from(
    [SCRIPT, HANDLER, '"><script>', "' onmouseover=alert(1) '", "&lt;b&gt;"]
)


@given(outside)
def test_words_from_outside_come_out_as_the_same_words(text: str) -> None:
    shown = html.fragment_fromstring(
        markup.sentence([Piece(text, ""), Piece("93", "number"), Piece(text, "quote")], "lost")
        + markup.headline(text, text)
        + markup.note(text)
        + markup.pairs([(text, text)]),
        create_parent="div",
    )
    assert {element.tag for element in shown.iter()} <= OWN
    assert not [name for element in shown.iter() for name in element.attrib if name.startswith("on")]
    assert shown.text_content() == f"{text}93{text}" + text * 5


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "inbox:///a.txt", " https://x", ""])
def test_only_web_addresses_become_links(address: str) -> None:
    assert "<a " not in markup.pairs([("address", address)])


def test_a_web_address_becomes_a_link_that_tells_nothing_of_the_reader() -> None:
    shown = html.fragment_fromstring(markup.pairs([("address", 'https://portal.example/a?b=1&c="2"')]))
    link = shown.find(".//a")
    assert link is not None
    assert link.get("href") == 'https://portal.example/a?b=1&c="2"'
    assert "noreferrer" in link.get("rel", "")


def test_a_lost_number_is_marked_where_it_should_be() -> None:
    assert "[数字缺失]" in markup.sentence([Piece("注册护士", "quote"), Piece("", "number")], "数字缺失")
