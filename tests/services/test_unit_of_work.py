"""One unit of work: one commit, events only after it, none after a rollback."""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select, update

from lumina.errors import Invalid, Unauthorized
from lumina.extensions import db
from lumina.models import Membership, User
from lumina.services import accounts, conversations, events, messages
from lumina.services.unit_of_work import operation, record


def happening(name):
    return events.TypingStopped(1, 2, name)


@operation()
def rename(actor, name, then=None):
    actor.rename(name, actor.last_name)
    record(happening(name))
    if then:
        then()
    return actor.first_name


@operation()
def rename_twice(actor, *names):
    return [rename(actor, name) for name in names]


def stored_name(person):
    """As another connection sees it."""
    with db.engine.connect() as connection:
        return connection.scalar(select(User.first_name).where(User.id == int(person.id)))


@pytest.fixture
def commits(inside):
    """One entry for each commit."""
    made = []

    def note(connection):
        made.append(connection)

    sqlalchemy_event.listen(db.engine, "commit", note)
    yield made
    sqlalchemy_event.remove(db.engine, "commit", note)


@pytest.fixture
def outlets(monkeypatch, inside):
    """Takes the place of all outlets: outlets(one, other)."""
    return lambda *them: monkeypatch.setattr(events, "_outlets", list(them))


def raises(error):
    def raising(*_):
        raise error

    return raising


def test_an_operation_commits_once_at_its_outermost_call(cast, commits, heard):
    owner = cast.owner.user
    assert rename_twice(owner, "Ada", "Berta") == ["Ada", "Berta"]
    assert len(commits) == 1
    assert [event.user_name for event in heard] == ["Ada", "Berta"]
    assert stored_name(cast.owner) == "Berta"


def test_events_are_prepared_before_the_commit_and_sent_after_it(cast, outlets):
    seen = []

    def outlet(event):
        seen.append(("prepared", db.session.get(User, int(cast.owner.id)).first_name))
        return events.Departure(lambda: seen.append(("sent", stored_name(cast.owner))))

    outlets(outlet)
    rename(cast.owner.user, "Ada")
    assert seen == [("prepared", "Ada"), ("sent", "Ada")]


@pytest.mark.parametrize("error", [Invalid("No."), RuntimeError("oh"), KeyboardInterrupt()])
def test_after_a_rollback_nothing_is_left_and_nothing_is_told(cast, inside, heard, error):
    with pytest.raises(type(error)):
        rename(cast.owner.user, "Ada", raises(error))
    assert heard == []
    assert cast.owner.user.first_name == stored_name(cast.owner) == "Mara"
    rename(cast.owner.user, "Berta")
    assert [event.user_name for event in heard] == ["Berta"]


def test_an_inner_failure_undoes_the_outer_work_too(cast, inside, heard):
    @operation()
    def outer(actor):
        rename(actor, "Ada")
        rename(actor, "Berta", raises(Invalid("No.")))

    with pytest.raises(Invalid):
        outer(cast.owner.user)
    assert (heard, stored_name(cast.owner)) == ([], "Mara")


def test_the_actor_is_loaded_anew(cast, inside, heard):
    stale = cast.owner.user
    with db.engine.begin() as connection:
        connection.execute(update(User).where(User.id == stale.id).values(last_name="Nagy"))
    assert stale.last_name == "Ellison"
    rename(stale, "Ada")
    assert cast.owner.user.name == "Ada Nagy"


def test_an_actor_who_is_gone_is_nobody(inside, heard):
    gone = accounts.register(email="x@example.org", password="12345678", first_name="X", last_name="Y")
    with db.engine.begin() as connection:
        connection.execute(User.__table__.delete().where(User.id == gone.id))
    with pytest.raises(Unauthorized):
        rename(gone, "Ada")
    assert heard == []


def test_an_event_belongs_to_an_operation(inside):
    with pytest.raises(RuntimeError):
        record(happening("nobody"))


@pytest.mark.parametrize("names", [["Ada"], ["Ada", "Berta"]])
def test_an_outlet_that_cannot_prepare_rolls_all_back(cast, outlets, names):
    left = []

    def steady(event):
        return events.Departure(lambda: left.append("sent"), lambda: left.append("cancelled"))

    def failing(event):
        if event.user_name == names[-1]:
            raise RuntimeError("no paper")

    outlets(steady, failing)
    with pytest.raises(RuntimeError, match="no paper"):
        rename_twice(cast.owner.user, *names)
    assert left == ["cancelled"] * len(names)
    assert stored_name(cast.owner) == "Mara"


def test_where_the_commit_fails_what_was_prepared_is_cancelled(cast, outlets, monkeypatch):
    left = []
    outlets(lambda event: events.Departure(lambda: left.append("sent"), lambda: left.append("cancelled")))
    owner = cast.owner.user
    monkeypatch.setattr(db.session, "commit", raises(RuntimeError("disk full")))
    with pytest.raises(RuntimeError, match="disk full"):
        rename(owner, "Ada")
    assert left == ["cancelled"]
    assert stored_name(cast.owner) == "Mara"


def test_what_cannot_be_sent_undoes_nothing_and_holds_nothing_up(cast, outlets):
    sent = []

    def outlet(event):
        fails = event.user_name == "Ada"
        return events.Departure(
            raises(OSError("no network")) if fails else lambda: sent.append(event.user_name)
        )

    outlets(outlet)
    assert rename_twice(cast.owner.user, "Ada", "Berta") == ["Ada", "Berta"]
    assert sent == ["Berta"]
    assert stored_name(cast.owner) == "Berta"


def test_writers_at_once_lose_nothing(app, cast):
    with app.app_context():
        view, _ = conversations.start(cast.owner.user, type="direct", participant_ids=[cast.member.id])
        conversation_id = str(view.conversation.id)
    together = threading.Barrier(4)

    def write(person):
        with app.app_context():
            together.wait()
            return [
                messages.send(person.user, conversation_id, content=str(n)).message.version for n in range(5)
            ]

    with ThreadPoolExecutor(4) as pool:
        versions = list(pool.map(write, [cast.owner, cast.member] * 2))
    assert all(found == sorted(found) for found in versions)
    assert sorted(chain(*versions)) == list(range(1, 21))


def test_who_only_reads_sees_what_others_have_committed_since(app, cast, inside):
    view, _ = conversations.start(cast.owner.user, type="direct", participant_ids=[cast.member.id])
    membership = db.session.get(Membership, (view.conversation.id, int(cast.owner.id)))
    with db.engine.begin() as connection:
        connection.execute(update(Membership).values(archived=True))
    assert membership.archived is False
    archived = conversations.archive(cast.owner.user, str(view.conversation.id), archived=False)
    assert archived.conversation.my_archived is False
