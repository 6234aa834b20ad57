"""The task queue in Redis. A module of its own: who has no Redis need not carry its client in every process."""

from typing import ClassVar

import redis
from django_q.brokers.redis_broker import Redis
from django_q.conf import Conf

from project.broker import WithHeartbeat

# A Redis that does not answer must not hold anybody up; longer than the second that dequeue waits there.
_SECONDS = 5


class RedisBroker(WithHeartbeat, Redis):  # type: ignore[misc]
    """What it loses, the sweep rings for again."""

    away: ClassVar[tuple[type[Exception], ...]] = (*WithHeartbeat.away, redis.RedisError)
    # The messages are in the database, which may be there.
    works_without: ClassVar[bool] = True

    def ping(self) -> bool:
        """Without the line that django-q2 would write about it."""
        try:
            return bool(self.connection.ping())
        except self.away:
            return False

    @staticmethod
    def get_connection(list_key: str | None = None) -> redis.Redis:
        """A client that gives up in time."""
        # A socket on this machine knows no keepalive, and its connection refuses the word.
        more = {} if str(Conf.REDIS).startswith("unix:") else {"socket_keepalive": True}
        return redis.from_url(Conf.REDIS, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS, **more)
