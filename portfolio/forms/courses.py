"""A session, who attended it, and a list of those who did."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum.models import CourseModule
from institutions.models import Cohort, CourseSession
from pages.forms import DayField, PageForm
from portfolio.attendance_lists import MAX_BYTES, Accepted, ListFault, ListRefused, read_list
from portfolio.enums import Refusal
from portfolio.queries.courses import Participant
from portfolio.rules.courses import Mark

# --- A session -----------------------------------------------------------------------------------


class SealField(forms.CharField):
    """Made by us, typed by nobody: digits in a row are no identity number here."""


class ModuleField(forms.TypedChoiceField):
    """One module, offered under its course."""

    def offer(self, modules: Iterable[CourseModule]) -> None:
        modules = list(modules)
        by_id = {str(one.pk): one for one in modules}
        groups: dict[str, list] = {}
        for one in modules:
            groups.setdefault(one.course.title, []).append((str(one.pk), str(one)))
        self.choices = [("", _("Velg …")), *groups.items()]
        self.coerce = by_id.__getitem__


class SessionDaysForm(PageForm):
    """What can be changed of a session until somebody is confirmed."""

    place = forms.CharField(label=gettext_lazy("Sted"), max_length=150)
    organiser = forms.CharField(label=gettext_lazy("Arrangør"), max_length=150)
    starts_on = DayField(label=gettext_lazy("Første dag"))
    ends_on = DayField(label=gettext_lazy("Siste dag"))
    sign_up_until = DayField(
        label=gettext_lazy("Påmeldingsfrist"),
        required=False,
        help_text=gettext_lazy("Uten frist kan leger melde seg på til dagen før."),
    )
    seen = SealField(required=False, widget=forms.HiddenInput, max_length=64)

    CONTENT = ("place", "organiser", "starts_on", "ends_on", "sign_up_until")

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        deadline = cleaned.get("sign_up_until")
        if first and last and last < first:
            self.add_error("ends_on", _("«Siste dag» er før «Første dag». Rett en av dem."))
        if first and deadline and deadline >= first:
            self.add_error("sign_up_until", _("Fristen er ikke før «Første dag». Rett en av dem."))
        return cleaned

    def content(self) -> dict:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.CONTENT}

    def meet_newer(self, seen: str) -> None:
        """Another tab was first: what is typed here stays, and can be saved on top knowingly."""
        self.errors.clear()
        self.add_error(
            None,
            _(
                "Samlingen er endret i en annen fane. Det du skrev, står her. "
                "Lagre på nytt for å bruke det."
            ),
        )
        self.data = self.data.copy()
        self.data["seen"] = seen


class SessionForm(SessionDaysForm):
    """A new session: of which module, and for whom."""

    module = ModuleField(label=gettext_lazy("Modul"))
    cohort = forms.ModelChoiceField(Cohort.objects.none(), label=gettext_lazy("Kull"))

    field_order = ("module", "cohort")
    CONTENT = ("module", "cohort", *SessionDaysForm.CONTENT)

    def __init__(self, *args, modules: Iterable[CourseModule], cohorts: Iterable[Cohort], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["module"].offer(modules)
        self.fields["cohort"].queryset = cohorts


def stored_values(session: CourseSession, *, seen: str) -> dict:
    return {name: getattr(session, name) for name in SessionDaysForm.CONTENT} | {"seen": seen}


# --- Who attended --------------------------------------------------------------------------------

ATTENDED, ABSENT = "ja", "nei"


class AttendanceForm(PageForm):
    """One question per doctor. Nobody is marked but by what is confirmed already."""

    everybody = forms.BooleanField(
        label=gettext_lazy("Alle uten svar deltok"),
        help_text=gettext_lazy("De du har merket selv, beholder svaret."),
        required=False,
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, participants: Iterable[Participant], **kwargs):
        super().__init__(*args, **kwargs)
        self.participants = tuple(participants)
        for one in self.participants:
            self.fields[self._name(one)] = forms.ChoiceField(
                label=one.name,
                choices=[(ATTENDED, _("Deltok")), (ABSENT, _("Deltok ikke"))],
                widget=forms.RadioSelect,
                required=False,
                initial=self._standing(one),
            )

    @staticmethod
    def _name(participant: Participant) -> str:
        return f"lege_{participant.training.pk}"

    @staticmethod
    def _standing(participant: Participant) -> str:
        word = participant.attendance
        return "" if word is None else ATTENDED if word.attended else ABSENT

    @property
    def rows(self) -> list[tuple[Participant, forms.BoundField]]:
        return [(one, self[self._name(one)]) for one in self.participants]

    def marks(self, session: CourseSession) -> dict[int, Mark]:
        """What is said otherwise than before, by training."""
        return {
            one.training.pk: Mark(answer == ATTENDED, session.ends_on)
            for one in self.participants
            if (answer := self._answer(one)) and answer != self._standing(one)
        }

    def _answer(self, participant: Participant) -> str:
        given = self.cleaned_data[self._name(participant)]
        return given or (ATTENDED if self.cleaned_data["everybody"] else "")

    def says_something(self, session: CourseSession) -> bool:
        """Whether there is anything to confirm; else the form asks for it."""
        if self.marks(session):
            return True
        answered = any(self._answer(one) for one in self.participants)
        refusal = Refusal.NOTHING_CHANGED if answered else Refusal.NOBODY_MARKED
        messages = {Refusal.NOTHING_CHANGED: _("Du har ikke endret noe. Endre et svar først.")}
        self.add_error("everybody", messages.get(refusal, refusal.label))
        return False

    def meet_newer(self, seen: int) -> None:
        self.errors.clear()
        self.add_error(
            None,
            _(
                "Noen har bekreftet deltakelse i mellomtiden. Svarene dine står her. "
                "Se over dem, og bekreft på nytt."
            ),
        )
        self.data = self.data.copy()
        self.data["seen"] = str(seen)


# --- A list --------------------------------------------------------------------------------------


class ListForm(PageForm):
    """A file with a row per doctor. It is read, and not kept."""

    file = forms.FileField(
        label=gettext_lazy("Deltakerliste"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        help_text=gettext_lazy("CSV eller Excel (.xlsx), høyst 500 rader og 1 MB."),
    )

    def clean(self):
        """The file is let go once its lines are read; its name has been looked at by then."""
        cleaned = super().clean()
        upload = cleaned.pop("file", None)
        if upload:
            try:
                self.lines = self._read(upload)
            except ListRefused as refused:
                self.add_error("file", ValidationError(refused.message, code=refused.fault))
        return cleaned

    @staticmethod
    def _read(upload):
        if upload.size > MAX_BYTES:
            raise ListRefused(ListFault.TOO_LARGE)
        return read_list(upload.read())


# What the list says travels sealed in the page between preview and confirmation: no row of the
# database or the cache then holds people whom nobody has confirmed. Only ids of trainings, days
# and answers; numbers, names and addresses of the file are gone when the preview is shown.
SEALED_FOR = dt.timedelta(minutes=30)
_SALT = "portfolio.attendance_list"


def sealed(accepted: Iterable[Accepted], *, session: CourseSession, user, seen: int) -> str:
    rows = [
        [one.doctor.training_id, int(one.mark.attended), one.mark.completed_on.isoformat()]
        for one in accepted
    ]
    content = {"session": session.pk, "user": user.pk, "seen": seen, "key": str(uuid4())}
    return signing.dumps(content | {"rows": rows}, salt=_SALT, compress=True)


class SealedListForm(forms.Form):
    """What was previewed, from the one who previewed it, within half an hour."""

    rows = SealField(widget=forms.HiddenInput)

    def __init__(self, *args, session: CourseSession, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.session, self.user = session, user

    def clean_rows(self) -> dict:
        """What the service takes."""
        try:
            content = signing.loads(self.cleaned_data["rows"], salt=_SALT, max_age=SEALED_FOR)
        except signing.BadSignature as error:  # an expired one too
            raise ValidationError(_("Forhåndsvisningen er utløpt.")) from error
        if (content["session"], content["user"]) != (self.session.pk, self.user.pk):
            raise ValidationError(_("Forhåndsvisningen er av en annen samling."))
        return {
            "marks": {
                training: Mark(bool(attended), dt.date.fromisoformat(day))
                for training, attended, day in content["rows"]
            },
            "seen": content["seen"],
            "key": UUID(content["key"]),
        }
