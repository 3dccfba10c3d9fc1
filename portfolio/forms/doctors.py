from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from curriculum.enums import Standing
from curriculum.models import Pathway
from institutions.enums import Role
from institutions.models import Institution, RoleAssignment
from pages.forms import DayField, PageForm
from portfolio.enums import Need
from portfolio.models import Placement, Training


class CohortFilterForm(forms.Form):
    """What the leader's list is narrowed to; everything is optional."""

    behov = forms.ChoiceField(choices=Need.choices, required=False)
    virksomhet = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Virksomhet"),
        empty_label=_("Alle virksomheter"),
        required=False,
    )
    lop = forms.ModelChoiceField(
        Pathway.objects.all(),
        label=_("Utdanningsløp"),
        empty_label=_("Alle utdanningsløp"),
        required=False,
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        followed = Training.objects.visible_to(user).exclude(trainee=user)
        placements = Placement.objects.filter(training__in=followed.filter(ended_on__isnull=True))
        self.fields["virksomhet"].queryset = Institution.objects.filter(
            pk__in=placements.values("department__institution")
        )
        self.fields["lop"].label_from_instance = lambda pathway: pathway.short_title
        for name in ("virksomhet", "lop"):
            self.fields[name].widget.attrs["class"] = "ds-input"

    def filters(self) -> dict:
        institution = self.cleaned_data.get("virksomhet")
        pathway = self.cleaned_data.get("lop")
        return {
            "need": self.cleaned_data.get("behov", ""),
            "institution": institution.pk if institution else None,
            "pathway": pathway.pk if pathway else None,
        }


class SupervisorForm(PageForm):
    """What an attestation of service tells of who guided."""

    specialty = forms.CharField(
        label=_("Spesialist i"),
        max_length=80,
        required=False,
        help_text=_("Slik det skal stå i tjenestebekreftelsen, for eksempel onkologi."),
    )
    employer = forms.ModelChoiceField(
        Institution.objects.all(),
        label=_("Ansatt ved"),
        empty_label=_("Velg …"),
        required=False,
    )
    holds_competence_area = forms.BooleanField(
        label=_("Har kompetanseområdet palliativ medisin"), required=False
    )

    def description(self) -> dict:
        names = ("specialty", "employer", "holds_competence_area")
        return {name: self.cleaned_data[name] for name in names}


class AppointSupervisorForm(SupervisorForm):
    """Who guides the doctor, from which day."""

    supervisor = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Veileder"),
        empty_label=_("Velg …"),
        error_messages={"required": _("Velg veileder.")},
    )
    starts_on = DayField(label=_("Fra og med"))
    ends_on = DayField(label=_("Til og med"), required=False)

    def __init__(self, *args, trainee: User, **kwargs):
        super().__init__(*args, **kwargs)
        roles = [Role.CLINICAL_SUPERVISOR, Role.DEPARTMENT_HEAD, Role.EDUCATION_LEAD]
        holders = RoleAssignment.objects.in_force().filter(role__in=roles).values("user")
        self.fields["supervisor"].queryset = User.objects.filter(
            pk__in=holders, is_active=True
        ).exclude(pk=trainee.pk)
        self.fields["starts_on"].initial = timezone.localdate

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("Sluttdatoen er før startdatoen. Rett en av dem."))
        return cleaned

    def appointment(self) -> dict:
        names = ("supervisor", "starts_on", "ends_on")
        return {name: self.cleaned_data[name] for name in names} | self.description()


class StartTrainingForm(PageForm):
    """A doctor begins on a pathway."""

    trainee = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Lege"),
        empty_label=_("Velg …"),
        error_messages={"required": _("Velg lege.")},
    )
    pathway = forms.ModelChoiceField(
        Pathway.objects.exclude(standing=Standing.REPEALED),
        label=_("Utdanningsløp"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg utdanningsløp.")},
    )
    authorised_on = DayField(label=_("Autorisert som lege"))
    started_on = DayField(label=_("Utdanningen startet"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trainee"].queryset = User.objects.filter(is_active=True).exclude(
            trainings__ended_on__isnull=True, trainings__isnull=False
        )

    def clean(self):
        cleaned = super().clean()
        authorised, started = cleaned.get("authorised_on"), cleaned.get("started_on")
        if authorised and authorised > timezone.localdate():
            self.add_error("authorised_on", _("Datoen for autorisasjon er i framtiden. Rett den."))
        if authorised and started and started < authorised:
            self.add_error("started_on", _("Utdanningen kan ikke starte før autorisasjonen."))
        return cleaned
