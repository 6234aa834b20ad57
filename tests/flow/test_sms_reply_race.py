"""Two workers at once: one text has one effect, and two texts of one phone are taken one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import connections

from afspraken.flow import sms_reply
from afspraken.models import LogRegel, SmsGesprek
from notifications import api as post
from tests.builders import NU, maak_afspraak
from tests.flow.sms_steps import woorden

pytestmark = pytest.mark.django_db(transaction=True)


def text(body: str, key: int) -> post.InboundText:
    return post.InboundText(
        id=key, sender="+31612345678", recipient="", body=body, received_at=NU + timedelta(seconds=key)
    )


def at_once(jobs: Sequence[Callable[[], None]]) -> list[BaseException]:
    """Run the jobs in threads that start together; what went wrong."""
    gate = threading.Barrier(len(jobs))
    wrong: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        gate.wait()
        try:
            job()
        except Exception as problem:  # shown by the assertion
            wrong.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_one_text_handled_by_four_workers() -> None:
    afspraak = maak_afspraak()
    inbound = text("ja", 7)
    assert at_once([lambda: sms_reply.handle(inbound=inbound, now=NU + timedelta(minutes=1))] * 4) == []
    assert woorden(afspraak.pk) == ["ja"]
    assert SmsGesprek.objects.get().antwoorden_vandaag == 1
    assert LogRegel.objects.filter(actie="sms.gelezen").count() == 1


def test_texts_of_one_phone_one_after_the_other() -> None:
    """Whatever order the workers take, the text that came last decides."""
    afspraak = maak_afspraak()
    now = NU + timedelta(minutes=1)
    texts = [text("ja", 1), text("NEE", 2), text("ja", 3), text("NEE", 4)]
    jobs = [lambda inbound=inbound: sms_reply.handle(inbound=inbound, now=now) for inbound in texts]
    assert at_once(jobs) == []
    assert woorden(afspraak.pk)[-1] == "nee"
    assert SmsGesprek.objects.get().antwoorden_vandaag == 4
