"""HTML, read back."""

from html.parser import HTMLParser


class Parsed(HTMLParser):
    """The elements of a piece of HTML with their attributes, its text, and how deep it is."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.depth = 0
        self.is_balanced = True
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: text or "" for name, text in attrs}))
        self._open.append(tag)
        self.depth = max(self.depth, len(self._open))

    def handle_endtag(self, tag: str) -> None:
        self.is_balanced &= bool(self._open) and self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.is_balanced = False

    def close(self) -> None:
        super().close()
        self.is_balanced &= not self._open


def read(html: str) -> Parsed:
    """Parses a whole piece of HTML."""
    parsed = Parsed()
    parsed.feed(str(html))
    parsed.close()
    return parsed
