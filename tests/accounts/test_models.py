import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_email_is_kept_in_small_letters():
    user = make_user(email=" Kari.Nord@Example.org ")

    assert user.email == "kari.nord@example.org"


def test_email_in_capitals_is_refused_by_the_database():
    user = make_user(email="kari@example.org")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Kari@example.org")


def test_same_email_in_other_letters_is_the_same_person():
    make_user(email="kari@example.org")

    with pytest.raises(ValidationError) as refused:
        make_user(email="KARI@example.org")

    assert refused.value.message_dict == {"email": ["Det finnes alt en bruker med denne e-posten."]}


@pytest.mark.parametrize("number", ["", "9144900", "123456789"])
def test_hpr_number_of_seven_to_nine_digits_is_accepted(number):
    assert make_user(hpr_number=number).hpr_number == number


@pytest.mark.parametrize(
    "number", ["12", "123456", "9144900\n", "12a", "12 34", "-5", "1234567890"]
)
def test_hpr_number_of_anything_else_is_refused(number):
    with pytest.raises(ValidationError) as refused:
        make_user(hpr_number=number)

    assert list(refused.value.message_dict) == ["hpr_number"]


def test_hpr_number_of_letters_is_refused_by_the_database():
    user = make_user()

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(hpr_number="12a")


def test_hpr_number_belongs_to_one_person_and_says_so_at_its_field():
    make_user(hpr_number="9144900")

    with pytest.raises(ValidationError) as refused:
        make_user(hpr_number="9144900")

    assert refused.value.message_dict == {
        "hpr_number": ["Det finnes alt en bruker med dette HPR-nummeret."]
    }


def test_many_may_be_without_hpr_number():
    assert [make_user(hpr_number="").hpr_number for _ in range(2)] == ["", ""]
