"""The programme leader's sessions: planned, changed, and who attended them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions.models import CourseSession
from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.forms.courses import (
    AttendanceForm,
    ListForm,
    SealedListForm,
    SessionDaysForm,
    SessionForm,
    sealed,
    stored_values,
)
from portfolio.queries.courses import (
    cohorts_led_by,
    days_of,
    judged_list,
    modules_offered,
    participants_of,
    session_lines,
    sessions_led_by,
)
from portfolio.queries.hats import request_hats
from portfolio.services import courses
from portfolio.views.acts import perform, posted


@require_GET
def session_list(request: HttpRequest) -> HttpResponse:
    _require_program_leader(request)
    lines = session_lines(request.user, on=timezone.localdate())
    return render_page(
        request,
        "portfolio/session_list.html",
        ahead=[one for one in lines if not one.is_over],
        held=[one for one in lines if one.is_over],
    )


@require_http_methods(["GET", "POST"])
def session_new(request: HttpRequest) -> HttpResponse:
    _require_program_leader(request)
    form = SessionForm(
        posted(request), modules=modules_offered(), cohorts=cohorts_led_by(request.user)
    )
    if form.is_valid():
        session = perform(form, courses.plan_session, by=request.user, **form.content())
        if session:
            messages.success(request, _planned(session))
            return redirect("portfolio:session_detail", session.pk)
    return render_page(request, "portfolio/session_form.html", form=form)


def _planned(session: CourseSession) -> str:
    if timezone.localdate() <= days_of(session).last_sign_up_on:
        return _("Samlingen er lagt inn. Legene i kullet kan melde seg på.")
    return _("Samlingen er lagt inn. Påmeldingsfristen er ute, så ingen kan melde seg på.")


@require_GET
def session_detail(request: HttpRequest, session_id: int) -> HttpResponse:
    session = _session(request, session_id)
    participants = participants_of(session, request.user)
    return render_page(
        request,
        "portfolio/session_detail.html",
        session=session,
        participants=participants,
        signed_up=sum(one.is_signed_up for one in participants),
        attended=sum(one.attended_at(session) for one in participants),
        is_confirmable=days_of(session).is_confirmable(timezone.localdate()),
        may_change=_may_change(request, session),
    )


def _may_change(request: HttpRequest, session: CourseSession) -> bool:
    is_open = not session.attendances.exists()
    return is_open and permissions.can_change_session(request.user, session)


@require_http_methods(["GET", "POST"])
def session_edit(request: HttpRequest, session_id: int) -> HttpResponse:
    session = _session(request, session_id)
    if not permissions.can_change_session(request.user, session):
        raise PermissionDenied
    begins_with = stored_values(session, seen=courses.fingerprint(session))
    form = SessionDaysForm(posted(request), initial=begins_with)
    status = None
    if form.is_valid():
        try:
            if _changed(request, session, form):
                return redirect("portfolio:session_detail", session.pk)
        except rules.Stale:
            form.meet_newer(courses.fingerprint(_session(request, session_id)))
            status = 409
    return render_page(
        request, "portfolio/session_form.html", status=status, form=form, session=session
    )


def _changed(request: HttpRequest, session: CourseSession, form: SessionDaysForm) -> bool:
    seen = form.cleaned_data["seen"]
    changed = perform(
        form, courses.change_session, session, by=request.user, seen=seen, **form.content()
    )
    if changed:
        messages.success(request, _("Samlingen er endret."))
    return bool(changed)


@require_http_methods(["GET", "POST"])
def session_attendance(request: HttpRequest, session_id: int) -> HttpResponse:
    session = _session(request, session_id)
    if not days_of(session).is_confirmable(timezone.localdate()):
        return redirect("portfolio:session_detail", session.pk)
    participants = participants_of(session, request.user)
    seen = courses.latest_word(session, [one.training.pk for one in participants])
    form = AttendanceForm(posted(request), participants=participants, initial={"seen": seen})
    status = None
    if form.is_valid() and form.says_something(session):
        try:
            if _confirmed(request, session, form):
                return redirect("portfolio:session_detail", session.pk)
        except rules.Stale:
            form.meet_newer(seen)
            status = 409
    return render_page(
        request, "portfolio/session_attendance.html", status=status, form=form, session=session
    )


def _confirmed(request: HttpRequest, session: CourseSession, form: AttendanceForm) -> bool:
    rows = perform(
        form,
        courses.confirm_attendance,
        session,
        by=request.user,
        marks=form.marks(session),
        seen=form.cleaned_data["seen"] or 0,
        key=form.cleaned_data["key"],
    )
    if rows:
        messages.success(request, _told_of(rows))
    return bool(rows)


def _told_of(rows) -> str:
    attended = sum(one.attended for one in rows)
    absent = len(rows) - attended
    told = [
        ngettext(
            "Bekreftet at %(count)d lege deltok.", "Bekreftet at %(count)d leger deltok.", attended
        )
        % {"count": attended},
        ngettext(
            "Bekreftet at %(count)d lege ikke deltok.",
            "Bekreftet at %(count)d leger ikke deltok.",
            absent,
        )
        % {"count": absent},
    ]
    return " ".join(text for text, number in zip(told, (attended, absent), strict=True) if number)


@require_http_methods(["GET", "POST"])
def session_import(request: HttpRequest, session_id: int) -> HttpResponse:
    """Answers an uploaded list with its preview. Nothing of it is stored."""
    session = _session(request, session_id)
    if not days_of(session).is_confirmable(timezone.localdate()):
        return redirect("portfolio:session_detail", session.pk)
    form = ListForm(posted(request), request.FILES if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "portfolio/session_import.html", form=form, session=session)
    found = judged_list(form.lines, session, request.user)
    trainings = [one.doctor.training_id for one in found.accepted]
    seen = courses.latest_word(session, trainings)
    return render_page(
        request,
        "portfolio/session_preview.html",
        session=session,
        found=found,
        attended=sum(one.mark.attended for one in found.accepted),
        rows=sealed(found.accepted, session=session, user=request.user, seen=seen),
    )


@require_POST
def session_import_confirm(request: HttpRequest, session_id: int) -> HttpResponse:
    session = _session(request, session_id)
    form = SealedListForm(request.POST, session=session, user=request.user)
    if not form.is_valid():
        return _upload_again(request, session, _("Forhåndsvisningen er utløpt."))
    try:
        rows = courses.confirm_attendance(session, by=request.user, **form.cleaned_data["rows"])
    except (rules.Stale, rules.Refused):
        return _upload_again(request, session, _("Noe er bekreftet eller endret i mellomtiden."))
    messages.success(request, _told_of(rows))
    return redirect("portfolio:session_detail", session.pk)


def _upload_again(request: HttpRequest, session: CourseSession, why: str) -> HttpResponse:
    what_now = _("Ingenting er lagret. Last opp listen på nytt.")
    messages.warning(request, f"{why} {what_now}")
    return redirect("portfolio:session_import", session.pk)


def _require_program_leader(request: HttpRequest) -> None:
    if not request_hats(request).is_program_leader:
        raise PermissionDenied


def _session(request: HttpRequest, session_id: int) -> CourseSession:
    return get_object_or_404(sessions_led_by(request.user), pk=session_id)
