"""The real server, in which some messages meet a fault of ours that quotes them."""

from typing import Any

import wsgi
from lumina.services import messages

FAULTY = "fault"
send = messages.send


def faulty(actor: Any, conversation_id: str, **fields: Any) -> Any:
    if str(fields.get("content")).startswith(FAULTY):
        try:
            return {}[fields["content"]]
        except KeyError as error:
            raise ValueError(f"cannot take {fields['content']}") from error
    return send(actor, conversation_id, **fields)


if __name__ == "__main__":
    messages.send = faulty
    wsgi.main()
