"""What is bought before a browser test begins, made through the API."""

from __future__ import annotations

from typing import Any

from tests.browser.talk import CONVERSATIONS, Talk
from tests.support.cast import Person


class Market(Talk):
    """Purchases at one server; amounts are in minor units."""

    def offer(self, expert: Person, **offer: object) -> None:
        """Makes somebody an expert, or changes what they offer."""
        self._data(expert, "PUT", "/api/experts/me", json={"offer": offer})

    def credit(self, person: Person, amount_minor: int) -> None:
        self.server.flask("wallet", "credit", person.email, str(amount_minor))

    def ask(self, client: Person, expert: Person) -> str:
        """The id of the conversation that the client has bought."""
        return self._start(client, {"type": "priority_dm", "participantIds": [expert.id]})

    def say_paid(self, client: Person, conversation: str, content: str, level: str = "urgent") -> str:
        """The id of a message whose answer is paid for."""
        body = {
            "conversationId": conversation,
            "content": content,
            "isPriority": True,
            "priorityLevel": level,
        }
        return self._data(client, "POST", "/api/messages", json=body)["message"]["id"]

    def purchases(self, person: Person, conversation: str) -> list[dict[str, Any]]:
        """What was bought there, the latest first."""
        found = self._data(person, "GET", "/api/escrows")["escrows"]
        return [one for one in found if one["conversationId"] == conversation]

    def step(self, person: Person, purchase: dict[str, Any], name: str, **body: object) -> None:
        """Declines, cancels or disputes."""
        self._data(person, "POST", f"/api/escrows/{purchase['id']}/{name}", json=body)

    def available(self, person: Person) -> int:
        return self._data(person, "GET", "/api/wallet")["wallet"]["availableMinor"]

    def conversation(self, person: Person, conversation: str) -> dict[str, Any]:
        return self._data(person, "GET", f"{CONVERSATIONS}/{conversation}")["conversation"]
