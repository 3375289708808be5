"""Users, sessions, sign-in limits and the first set-up, against a real Redis."""

from __future__ import annotations

import statistics
import threading
import time

import pytest
from redis import Redis

from tests.people.conftest import Clock
from webapp.people.limits import GuessCounter, limits_for
from webapp.people.passwords import WeakPasswordError
from webapp.people.roles import Role
from webapp.people.sessions import ABSOLUTE, IDLE, Sessions, session_id
from webapp.people.set_up import SetUp, SetUpRefusedError
from webapp.people.sign_in import Begun, Refusal, SignIn
from webapp.people.users import EmailTakenError, LastAdminError, NotAnEmailError, User, Users
from webapp.store import keys

PASSWORD = "correct horse battery"


def add(users: Users, email: str = "sam@example.com", role: Role = Role.ADMIN) -> User:
    return users.add(email=email, name="Sam", role=role, password=PASSWORD)


def test_a_role_may_do_what_the_roles_before_it_may() -> None:
    assert Role.RELEASER.may_act_as(Role.OPERATOR)
    assert not Role.OPERATOR.may_act_as(Role.RELEASER)


def test_the_stored_password_is_a_scrypt_hash_and_nothing_else(users: Users, redis: Redis) -> None:
    user = add(users)
    assert user.password_hash.startswith("scrypt:32768:8:1$")
    assert all(PASSWORD not in record for record in redis.hvals(keys.users()))
    assert "scrypt" not in repr(user)


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaaa", "x" * 300])
def test_a_weak_password_is_refused_with_a_reason(users: Users, password: str) -> None:
    with pytest.raises(WeakPasswordError, match="Use"):
        users.add(email="a@example.com", name="A", role=Role.VIEWER, password=password)
    assert not users.exist()


def test_an_address_is_taken_once_whatever_its_case(users: Users) -> None:
    add(users)
    with pytest.raises(EmailTakenError):
        add(users, "SAM@example.com ")


def test_one_admin_always_stays(users: Users) -> None:
    admin = add(users)
    with pytest.raises(LastAdminError):
        users.change_role(admin.id, Role.VIEWER)
    with pytest.raises(LastAdminError):
        users.switch(admin.id, enabled=False)
    add(users, "kim@example.com")
    assert users.change_role(admin.id, Role.VIEWER).role is Role.VIEWER


def test_a_session_is_found_by_its_token_which_is_stored_nowhere(
    users: Users, sessions: Sessions, redis: Redis
) -> None:
    token = sessions.begin(add(users))
    found = sessions.who(token)
    assert found is not None
    assert found.user.email == "sam@example.com"
    everything = [key + str(redis.type(key)) for key in redis.keys("*")] + [
        redis.get(keys.session(session_id(token))) or ""
    ]
    assert all(token not in text for text in everything)


def test_a_session_ends_when_idle_and_at_its_absolute_limit(users: Users, sessions: Sessions, clock: Clock) -> None:
    user = add(users)
    idle = sessions.begin(user)
    clock.move(seconds=IDLE.total_seconds() + 1)
    assert sessions.who(idle) is None
    busy = sessions.begin(user)
    for _ in range(int(ABSOLUTE / IDLE * 2) + 1):
        clock.move(seconds=IDLE.total_seconds() / 2)
        alive = sessions.who(busy)
    assert alive is None


@pytest.mark.parametrize("change", ["role", "password", "switch"])
def test_a_change_of_the_user_ends_every_session(users: Users, sessions: Sessions, change: str) -> None:
    add(users, "other@example.com")
    user = add(users)
    tokens = [sessions.begin(user) for _ in range(20)]
    if change == "role":
        users.change_role(user.id, Role.VIEWER)
    elif change == "password":
        users.change_password(user.id, "another long password")
    else:
        users.switch(user.id, enabled=False)
    assert [sessions.who(token) for token in tokens] == [None] * 20


def test_one_session_can_be_ended_from_the_list(users: Users, sessions: Sessions) -> None:
    user = add(users)
    kept, lost = sessions.begin(user, agent="Firefox"), sessions.begin(user, agent="Chromium")
    assert {item.agent for item in sessions.of(user.id)} == {"Firefox", "Chromium"}
    sessions.end(session_id(lost))
    assert sessions.who(lost) is None
    assert sessions.who(kept) is not None
    assert len(sessions.of(user.id)) == 1


def test_with_the_store_away_a_known_session_may_read_and_is_not_certain(
    users: Users, sessions: Sessions, away: Redis, redis: Redis, clock: Clock
) -> None:
    token = sessions.begin(add(users))
    assert sessions.who(token) is not None
    sessions._redis = away
    found = sessions.who(token)
    assert found is not None
    assert not found.certain
    clock.move(hours=13)
    assert sessions.who(token) is None


def test_with_the_store_away_an_unknown_token_is_nobody(users: Users, away: Redis, clock: Clock) -> None:
    assert Sessions(away, users, clock).who("invented") is None


def test_the_right_password_begins_a_session(users: Users, sign_in: SignIn, sessions: Sessions) -> None:
    add(users)
    result = sign_in.attempt("Sam@Example.com", PASSWORD, address="192.0.2.1")
    assert isinstance(result, Begun)
    assert sessions.who(result.token) is not None


def test_unknown_people_and_wrong_passwords_get_the_same_answer_in_the_same_time(users: Users, sign_in: SignIn) -> None:
    add(users)
    times: dict[str, list[float]] = {"sam@example.com": [], "nobody@example.com": []}
    for attempt in range(4):
        for email, taken in times.items():
            began = time.perf_counter()
            assert sign_in.attempt(email, "wrong password!", address=f"192.0.2.{attempt}") is Refusal.WRONG
            taken.append(time.perf_counter() - began)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert unknown > known * 0.5


def test_guesses_at_one_account_are_limited_and_a_fresh_address_still_gets_in(users: Users, sign_in: SignIn) -> None:
    add(users)
    results = [sign_in.attempt("sam@example.com", "wrong password!", address="192.0.2.1") for _ in range(8)]
    assert results.count(Refusal.WRONG) == 5
    assert results[-1] is Refusal.TOO_MANY
    assert isinstance(sign_in.attempt("sam@example.com", PASSWORD, address="198.51.100.7"), Begun)


def test_a_known_device_gets_in_while_strangers_guess_from_everywhere(users: Users, sign_in: SignIn) -> None:
    user = add(users)
    for number in range(40):
        sign_in.attempt("sam@example.com", "wrong password!", address=f"192.0.2.{number}")
    assert sign_in.attempt("sam@example.com", PASSWORD, address="198.51.100.7") is Refusal.TOO_MANY
    known = sign_in.attempt("sam@example.com", PASSWORD, address="198.51.100.7", known_device=user.id)
    assert isinstance(known, Begun)


@pytest.mark.parametrize("store", ["up", "away"])
def test_ten_thousand_guesses_evaluate_at_most_twenty_an_hour(
    store: str, redis: Redis, away: Redis, clock: Clock
) -> None:
    client = redis if store == "up" else away
    workers = [GuessCounter(client, clock), GuessCounter(client, clock)]
    rounds = 10_000 if store == "up" else 200
    evaluated = sum(
        workers[number % 2].take(limits_for("sam@example.com", f"10.0.{number % 250}.1", known_device=None))
        for number in range(rounds)
    )
    assert 1 <= evaluated <= 20


def test_the_count_begins_anew_after_an_hour(redis: Redis, clock: Clock) -> None:
    counter = GuessCounter(redis, clock)
    limits = limits_for("sam@example.com", "192.0.2.1", known_device=None)
    assert [counter.take(limits) for _ in range(6)] == [True] * 5 + [False]
    clock.move(hours=1)
    assert counter.take(limits)


def test_a_one_time_link_makes_one_admin(set_up: SetUp, users: Users) -> None:
    link = set_up.make_link("http://127.0.0.1:8000")
    token = link.partition("token=")[2]
    assert set_up.accepts(token)
    user = set_up.create_admin(token, email="a@example.com", name="A", password=PASSWORD)
    assert user.role is Role.ADMIN
    with pytest.raises(SetUpRefusedError, match="handoff setup-link"):
        set_up.create_admin(token, email="b@example.com", name="B", password=PASSWORD)
    assert len(users.everybody()) == 1


def test_a_refused_password_does_not_use_the_link_up(set_up: SetUp) -> None:
    token = set_up.make_link("").partition("token=")[2]
    with pytest.raises(WeakPasswordError):
        set_up.create_admin(token, email="a@example.com", name="A", password="short")
    assert set_up.accepts(token)


@pytest.mark.parametrize("way", ["link", "setup token"])
def test_many_who_use_one_way_in_at_once_make_one_admin(set_up: SetUp, users: Users, way: str) -> None:
    token = "a-platform-secret" if way == "setup token" else set_up.make_link("").partition("token=")[2]
    together, outcomes = threading.Barrier(5), []

    def use(number: int) -> None:
        together.wait()
        try:
            set_up.create_admin(token, email=f"{number}@example.com", name="A", password=PASSWORD)
            outcomes.append("made")
        except SetUpRefusedError:
            outcomes.append("refused")

    threads = [threading.Thread(target=use, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused", "refused", "refused", "refused"]
    assert len(users.everybody()) == 1


def test_a_link_that_was_given_back_lasts_no_longer_than_before(set_up: SetUp, redis: Redis) -> None:
    token = set_up.make_link("").partition("token=")[2]
    redis.expire(keys.setup_link(token), 60)
    with pytest.raises(WeakPasswordError):
        set_up.create_admin(token, email="a@example.com", name="A", password="short")
    assert 0 < redis.ttl(keys.setup_link(token)) <= 60


@pytest.mark.parametrize("email", ["@", "sam@", "@example.com", "sam example.com", "sam@ex ample.com", "a@b@c", "x"])
def test_what_cannot_be_an_email_address_is_refused(users: Users, email: str) -> None:
    with pytest.raises(NotAnEmailError, match=r"sam@example\.com"):
        add(users, email)
    assert not users.exist()


def test_the_setup_token_counts_until_somebody_exists(set_up: SetUp, users: Users) -> None:
    assert set_up.accepts("a-platform-secret")
    add(users)
    assert not set_up.accepts("a-platform-secret")
    assert not set_up.accepts("")
