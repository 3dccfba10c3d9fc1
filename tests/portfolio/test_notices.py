"""E-mails that say something waits, and the sweeper that finds what no bell was rung for."""

import datetime as dt
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from portfolio.enums import RequestState
from portfolio.models import AssessmentRequest
from portfolio.services import assessments, goals, notices
from portfolio.tasks import notify, sweep
from tests.factories import days_ago, make_activity, make_claim, make_goal, make_request, make_ward

pytestmark = pytest.mark.django_db


class RefusesHilde(EmailBackend):
    def send_messages(self, messages):
        if any("hilde@" in message.to[0] for message in messages):
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


def test_notice_has_neither_name_nor_content():
    ward = make_ward()
    make_activity(ward=ward, sent=True)

    notify(ward.supervisor.pk)

    (message,) = mail.outbox
    assert message.to == [ward.supervisor.email]
    assert message.subject == "Noe venter på deg i PAL-mappen"
    assert message.body == "Logg inn for å se hva det gjelder:\nhttp://testserver\n"


def test_one_notice_for_all_that_was_asked_since_the_last():
    ward = make_ward()
    make_activity(ward=ward, goals_=[make_goal(), make_goal(code="PAL-020")], sent=True)
    make_request(ward=ward, goal=make_goal(code="PAL-007"))

    sent = [notices.notify(ward.supervisor.pk) for _ in range(2)]

    assert (sent, len(mail.outbox)) == ([True, False], 1)


def test_nobody_is_told_of_what_no_longer_waits():
    ward = make_ward()
    assessments.recall_request(make_request(ward=ward), by=ward.trainee)
    claim = make_claim(ward=ward)
    goals.request_recommendations(claim, by=ward.trainee, clinical_supervisors=[ward.supervisor])
    goals.recall_claim(claim, by=ward.trainee)

    sweep()

    assert mail.outbox == []


def test_deactivated_account_gets_no_notice():
    ward = make_ward()
    make_request(ward=ward)
    ward.supervisor.is_active = False
    ward.supervisor.save()

    sweep()

    assert mail.outbox == []


def test_a_refused_address_stops_nobody_elses_notice(settings):
    settings.EMAIL_BACKEND = f"{__name__}.{RefusesHilde.__name__}"
    ward = make_ward()
    ward.supervisor.email = "hilde@example.org"
    ward.supervisor.save()
    refused = make_request(ward=ward)
    make_request(ward=ward, asked_of=ward.guide)

    sweep()

    refused.refresh_from_db()
    assert [message.to for message in mail.outbox] == [[ward.guide.email]]
    assert refused.notified_at is None


@pytest.mark.parametrize(
    ("last_day", "expected"), [(0, RequestState.OPEN), (1, RequestState.EXPIRED)]
)
def test_sweeper_marks_what_has_run_out(last_day, expected):
    request = make_request(ward=make_ward())
    AssessmentRequest.objects.update(expires_on=days_ago(last_day))

    sweep()

    request.refresh_from_db()
    assert request.state == expected


def test_a_request_can_be_answered_for_thirty_days():
    request = make_request(ward=make_ward())

    assert request.expires_on - request.asked_on == dt.timedelta(days=30)


def test_the_bell_is_the_task_and_the_sweeper_is_on_the_schedule(settings):
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert notify.name == notices.NOTIFY_TASK
    assert sweep.name in tasks
