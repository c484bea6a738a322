"""Who is told that somebody has read: everybody in a small conversation, the authors in a large one."""

import pytest

from lumina.services import events, receipts
from tests.support import making
from tests.support.making import CONVERSATIONS


@pytest.mark.parametrize(("more", "large"), [(97, False), (98, True)])
def test_of_a_large_conversation_the_authors_are_told(app, api, cast, heard, more, large):
    made = making.group(api, cast.owner, cast.member, cast.outsider)
    making.admit(app, made, making.crowd(app, more))
    making.say(api, cast.outsider, made, "Read before")
    sent = making.say(api, cast.owner, made, "One") + making.say(api, cast.member, made, "Two", "Three")
    making.say(api, cast.outsider, made, "Not read yet")
    with app.app_context():
        earlier = api.as_(cast.member).get(f"{CONVERSATIONS}/{made['id']}")["messages"][0]
        receipts.mark_read(cast.member.user, made["id"], earlier["id"])
        heard.clear()
        receipts.mark_read(cast.member.user, made["id"], sent[1]["id"])
        receipts.mark_read(cast.member.user, made["id"], sent[0]["id"])
    [event] = heard
    assert isinstance(event, events.ConversationRead)
    assert (event.user_id, event.message_id) == (int(cast.member.id), int(sent[1]["id"]))
    told = None if event.author_ids is None else sorted(event.author_ids)
    assert told == (sorted([int(cast.owner.id), int(cast.member.id)]) if large else None)
