"""Many rows asked for at once, and read as they are: the same answers as Django's own way gives."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import FieldError
from hypothesis import given as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from afspraken.models import Afspraak, Client, Voornemen
from notifications.models import Message, OptOut
from notifications.rows import ReadAsIs
from tests.outbox.helpers import NOW, FakeGateway, plan, plan_many
from tests.outbox.test_given import TEXTS

pytestmark = pytest.mark.django_db


class OneOfTest(TestCase):
    """Hypothesis runs many examples in one transaction."""

    @examples(st.lists(TEXTS, max_size=10, unique=True), st.lists(TEXTS, max_size=10))
    def test_finds_what_in_finds(self, there: list[str], asked: list[str]) -> None:
        OptOut.objects.all().delete()
        OptOut.objects.bulk_create(OptOut(channel="sms", address_index=word, created_at=NOW) for word in there)
        found = OptOut.objects.filter(address_index__one_of=asked).values_list("address_index", flat=True)
        assert set(found) == set(there) & set(asked)


@pytest.mark.usefixtures("sms")
def test_rows_are_found_by_number_and_by_uuid() -> None:
    plan("a/1")
    plan("a/2")
    first = Message.objects.get(subject="a/1")
    assert list(Message.objects.filter(pk__one_of=[first.pk, 0])) == [first]
    assert list(Message.objects.filter(pk__one_of={first.pk})) == [first]
    assert list(Message.objects.filter(uuid__one_of=[first.uuid, uuid4()])) == [first]
    assert list(Message.objects.exclude(uuid__one_of=[first.uuid]).values_list("subject", flat=True)) == ["a/2"]
    for name in ("pk", "uuid", "address_index"):
        assert not Message.objects.filter(**{f"{name}__one_of": []}).exists()
    # Over a foreign key, by its number and by a column of the other table.
    assert not Voornemen.objects.filter(afspraak_id__one_of=[1, 2]).exists()
    assert not Afspraak.objects.filter(client__mobiel_index__one_of={"x"}).exists()


def test_what_is_encrypted_is_not_asked_for() -> None:
    question: dict[str, Any] = {"mobiel__one_of": ["+31600000000"]}
    with pytest.raises((TypeError, FieldError)):
        list(Client.objects.filter(**question))


def test_a_longer_word_is_not_cut_and_then_found() -> None:
    OptOut.objects.create(channel="sms", address_index="x" * 64, created_at=NOW)
    assert OptOut.objects.filter(address_index__one_of=["x" * 64]).exists()
    assert not OptOut.objects.filter(address_index__one_of=["x" * 65]).exists()


def test_a_row_read_as_it_is_is_the_row(sms: FakeGateway) -> None:
    plan_many(2)
    one, other = Message.objects.order_by("pk")
    columns = [field.attname for field in Message._meta.concrete_fields]
    same = Message(**{name: getattr(one, name) for name in columns})
    assert {name: getattr(one, name) for name in columns} == {name: getattr(same, name) for name in columns}
    assert one == same != other
    assert (one._state.adding, one._state.db) == (False, "default")


def test_a_column_that_was_not_asked_for_is_read_when_it_is_needed(sms: FakeGateway) -> None:
    plan("a/1")
    (row,) = Message.objects.only("subject")
    assert row.get_deferred_fields() >= {"kind", "address"}
    assert row.address.startswith("+31")
    row.kind = "other"
    row.save()
    assert Message.objects.get().kind == "other"


def test_no_signal_of_django_was_in_use() -> None:
    """They are not sent for these rows; who starts to listen finds out here."""
    from django.db.models.signals import post_init, pre_init

    for model in (Message, Afspraak, Client):
        assert issubclass(model, ReadAsIs)
        assert not pre_init.has_listeners(model)
        assert not post_init.has_listeners(model)
