"""Æ, ø and å come last, in Python and in the database."""

import pytest
from django.db.models import Value

from pages.norwegian_order import NorwegianOrder, norwegian_key

NAMES = ["Åse", "berit", "Ørjan", "Anne", "Ærlig", "Zara", "øyvind"]
IN_ORDER = ["Anne", "berit", "Zara", "Ærlig", "Ørjan", "øyvind", "Åse"]


def test_norwegian_key():
    assert sorted(NAMES, key=norwegian_key) == IN_ORDER


@pytest.mark.django_db
def test_norwegian_order_is_that_of_python(django_user_model):
    from django.contrib.contenttypes.models import ContentType

    row = ContentType.objects.all()[:1]
    keys = [
        row.annotate(key=NorwegianOrder(Value(name))).values_list("key", flat=True)[0]
        for name in NAMES
    ]

    assert keys == [norwegian_key(name) for name in NAMES]
