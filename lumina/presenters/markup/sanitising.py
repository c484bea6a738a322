"""The last word on what leaves for a page, whatever made it."""

from __future__ import annotations

import nh3

from lumina.presenters.markup.highlighting import CLASSES

TAGS = {"a", "blockquote", "code", "em", "li", "ol", "pre", "s", "span", "strong", "ul"}
SCHEMES = {"http", "https", "mailto", "tel"}

cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes={"a": {"href", "title"}, "ol": {"start"}, "span": {"data-user-id"}},
    allowed_classes={"span": {"mention", "leads-to", *CLASSES}},
    # A code block that scrolls is reached by the keyboard.
    set_tag_attribute_values={"a": {"target": "_blank"}, "pre": {"tabindex": "0"}},
    link_rel="noopener noreferrer nofollow ugc",
    url_schemes=SCHEMES,
    url_relative="deny",
)
