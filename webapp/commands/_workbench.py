"""What the commands about Twilio work with: settings, store, account and our public address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import click
from redis import Redis

from webapp.commands._answers import Exit, say, settings_of_this_machine, told
from webapp.configurations.assembly import History, open_history
from webapp.configurations.conflicts import STORE_FAULTS, StoreEmptyError, StoreNotTrustedError
from webapp.configurations.credentials import CredentialsUnreadableError
from webapp.configurations.deployment import Deployment
from webapp.messaging.a2p.memory import RegistrationMemory
from webapp.messaging.refusals import fix_of, message_of
from webapp.numbers.account_access import AccountAccess, NotConnectedError, access_from
from webapp.numbers.connecting import NothingToUndoError, NumberNotFoundError, Numbers
from webapp.numbers.public_address import PublicAddress, public_address
from webapp.numbers.recommended import NotPublicError
from webapp.settings import Settings
from webapp.store.redis import open_redis
from webapp.store.sealed import SealError
from webapp.twilio_rest.errors import TwilioRequestError


@dataclass(frozen=True, slots=True)
class Workbench:
    settings: Settings
    redis: Redis
    access: AccountAccess | None
    address: PublicAddress

    @property
    def account(self) -> AccountAccess:
        """Raises NotConnectedError."""
        if self.access is None:
            raise NotConnectedError
        return self.access

    @property
    def numbers(self) -> Numbers:
        return Numbers(self.account.client(), self.redis)

    @property
    def memory(self) -> RegistrationMemory:
        return RegistrationMemory(self.redis, self.account.account_sid)

    @property
    def history(self) -> History:
        return open_history(self.settings, client=self.redis)

    def deployment(self) -> Deployment | None:
        """Which environment each number meets; None while the store cannot tell. Asking Twilio needs no store."""
        try:
            return self.history.deployments.read().deployment
        except StoreEmptyError:
            return Deployment()
        except (SealError, StoreNotTrustedError, *STORE_FAULTS):
            return None

    def now(self) -> datetime:
        return datetime.now(UTC)


@contextmanager
def workbench() -> Iterator[Workbench]:
    """The one that a test passes as click's object, else this machine's; known faults become sentences."""
    with told(), twilio_told(), bench_of(open_workbench) as bench:
        yield bench


@contextmanager
def bench_of(opened: Callable[[Settings], Workbench]) -> Iterator[Workbench]:
    """Ours is closed afterwards, a test's is not."""
    given = click.get_current_context().find_object(Workbench)
    if given is not None:
        yield given
        return
    bench = opened(settings_of_this_machine())
    try:
        yield bench
    finally:
        bench.redis.connection_pool.disconnect()


def open_workbench(settings: Settings) -> Workbench:
    redis = open_redis(settings.store_url)
    try:
        return Workbench(settings, redis, access_of(settings, redis), public_address(settings))
    except BaseException:
        redis.connection_pool.disconnect()
        raise


def access_of(settings: Settings, redis: Redis) -> AccountAccess | None:
    """The environment's account, else the one that was connected in the console."""
    return access_from(settings, open_history(settings, client=redis))


@contextmanager
def twilio_told() -> Iterator[None]:
    try:
        yield
    except TwilioRequestError as error:
        say(f"{message_of(error)} {fix_of(error)}")
        raise SystemExit(Exit.AUTH if error.is_refused_credentials else Exit.UPSTREAM) from error
    except (NotConnectedError, CredentialsUnreadableError) as error:
        say(str(error))
        raise SystemExit(Exit.AUTH) from error
    except (NumberNotFoundError, NothingToUndoError) as error:
        say(f"{error} See: handoff numbers list")
        raise SystemExit(Exit.NOT_FOUND) from error
    except NotPublicError as error:
        say(str(error))
        raise SystemExit(Exit.USAGE) from error
