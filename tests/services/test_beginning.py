"""Two people who begin to write to each other at the same moment."""

from lumina.services import conversations


def test_who_is_slower_by_a_hair_gets_what_the_other_began(app, cast, monkeypatch):
    """The other's commit comes after the look for what exists already, as it can on PostgreSQL alone."""

    def begin(actor, other):
        with app.app_context():
            view, is_new = conversations.start(actor.user, type="direct", participant_ids=[other.id])
            return view.conversation.id, is_new

    first, is_new = begin(cast.owner, cast.member)
    assert is_new
    monkeypatch.setattr(conversations, "_direct", lambda actor, key: None)
    assert begin(cast.member, cast.owner) == (first, False)
