"""What the tests of the outbox stand on, for those that pin down what the harness found."""

from tests.outbox.conftest import double, double_process, email, news, rings, sms, world

__all__ = ["double", "double_process", "email", "news", "rings", "sms", "world"]
