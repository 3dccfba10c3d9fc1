"""The leader's pages: the doctors they follow, and one doctor at a glance."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from institutions.enums import Role
from pages.dates import long_day
from pages.rendering import render_page
from portfolio import permissions
from portfolio.enums import Need
from portfolio.forms.doctors import (
    AppointSupervisorForm,
    CohortFilterForm,
    StartTrainingForm,
    SupervisorForm,
)
from portfolio.models import EducationalSupervision, Training
from portfolio.queries import doctors
from portfolio.queries.goals import goal_overview
from portfolio.queries.hats import request_hats
from portfolio.services import trainings
from portfolio.views.acts import perform, posted

APPOINTERS = (Role.DEPARTMENT_HEAD, Role.EDUCATION_LEAD)


@require_GET
def cohort(request) -> HttpResponse:
    if not request_hats(request).leads:
        raise PermissionDenied
    chosen = CohortFilterForm(request.GET, user=request.user)
    chosen.is_valid()  # a choice that does not exist filters nothing
    found = doctors.cohort_of(request.user, on=timezone.localdate(), **chosen.filters())
    return render_page(
        request,
        "portfolio/cohort.html",
        found=found,
        chosen=chosen,
        needs=[(need, found.counts[need]) for need in Need],
        status=200,
    )


@require_GET
def doctor(request, training_id: int) -> HttpResponse:
    today = timezone.localdate()
    training = get_object_or_404(_seen_by(request.user), pk=training_id)
    if training.viewer_role == Role.TRAINEE:
        return redirect("portfolio:home")
    trainings.note_opening(training=training, user=request.user, role=training.viewer_role)
    overview = goal_overview(training, today)
    return render_page(
        request,
        "portfolio/doctor.html",
        sheet=doctors.doctor_sheet(training, overview, on=today),
        overview=overview,
        may_appoint=training.viewer_role in APPOINTERS,
        may_describe=training.viewer_role in (*APPOINTERS, Role.EDUCATIONAL_SUPERVISOR),
    )


def _seen_by(user):
    seen = Training.objects.visible_to(user).with_role_of(user)
    return doctors.with_surroundings(seen, on=timezone.localdate())


@require_http_methods(["GET", "POST"])
def supervisor_appoint(request, training_id: int) -> HttpResponse:
    training = get_object_or_404(_appointable(request), pk=training_id)
    if not permissions.can_appoint_supervisor(request.user, training):
        raise PermissionDenied
    form = AppointSupervisorForm(posted(request), trainee=training.trainee)
    if form.is_valid():
        appointed = perform(
            form,
            trainings.appoint_supervisor,
            training=training,
            by=request.user,
            **form.appointment(),
        )
        if appointed:
            messages.success(request, _appointed(appointed))
            return redirect(_after_appointment(request, training))
    return render_page(
        request,
        "portfolio/supervisor_appoint.html",
        training=training,
        form=form,
        back=_after_appointment(request, training),
    )


def _appointed(supervision: EducationalSupervision) -> str:
    named = {"name": supervision.supervisor}
    if not supervision.ends_on or supervision.ends_on >= timezone.localdate():
        return _("%(name)s er veileder.") % named
    days = {"first": long_day(supervision.starts_on), "last": long_day(supervision.ends_on)}
    return _("%(name)s var veileder fra %(first)s til %(last)s.") % (named | days)


@require_http_methods(["GET", "POST"])
def supervision_edit(request, supervision_id: int) -> HttpResponse:
    seen = EducationalSupervision.objects.filter(training__in=_appointable(request))
    supervision = get_object_or_404(
        seen.select_related("training__trainee", "supervisor"), pk=supervision_id
    )
    if not permissions.can_describe_supervisor(request.user, supervision):
        raise PermissionDenied
    stored = ("specialty", "employer", "holds_competence_area")
    form = SupervisorForm(
        posted(request), initial={name: getattr(supervision, name) for name in stored}
    )
    back = _after_appointment(request, supervision.training)
    if form.is_valid():
        trainings.describe_supervision(supervision, by=request.user, **form.description())
        messages.success(request, _("Opplysningene om veilederen er lagret."))
        return redirect(back)
    return render_page(
        request,
        "portfolio/supervision_edit.html",
        form=form,
        supervision=supervision,
        back=back,
    )


def _appointable(request):
    """An administrator appoints too, but sees no more of the portfolio for it."""
    if request_hats(request).is_admin:
        return Training.objects.select_related("trainee", "pathway")
    return Training.objects.visible_to(request.user).select_related("trainee", "pathway")


def _after_appointment(request, training: Training) -> str:
    if permissions.role_for(request.user, training):
        return reverse("portfolio:doctor", args=[training.pk])
    return reverse("portfolio:training_admin", args=[training.trainee_id])


@require_GET
def training_admin(request, user_id: int) -> HttpResponse:
    """What an administrator arranges for somebody's training; nothing of the portfolio itself."""
    if not request_hats(request).is_admin:
        raise PermissionDenied
    person = get_object_or_404(User, pk=user_id)
    return render_page(
        request,
        "portfolio/training_admin.html",
        person=person,
        trainings=doctors.trainings_arranged_for(person, on=timezone.localdate()),
    )


@require_http_methods(["GET", "POST"])
def training_start(request) -> HttpResponse:
    if not request_hats(request).is_admin:
        raise PermissionDenied
    form = StartTrainingForm(posted(request), initial={"trainee": request.GET.get("lege")})
    if form.is_valid():
        fields = ("trainee", "pathway", "authorised_on", "started_on")
        training = perform(
            form,
            trainings.start_training,
            by=request.user,
            **{name: form.cleaned_data[name] for name in fields},
        )
        if training:
            messages.success(request, _("Utdanningen er startet. Oppnevn en veileder."))
            return redirect("portfolio:training_admin", training.trainee_id)
    return render_page(
        request, "portfolio/training_start.html", form=form, back=_before_start(form)
    )


def _before_start(form: StartTrainingForm) -> str:
    """The person it was opened from, else everybody."""
    asked = str(form["trainee"].value() or "")
    if asked.isdecimal():
        return reverse("portfolio:training_admin", args=[asked])
    return reverse("institutions:person_list")
