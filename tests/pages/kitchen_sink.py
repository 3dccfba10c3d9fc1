"""The components, filled in as on the pictures: looked at and checked with axe, never served."""

from datetime import date

from django import forms

from pages.forms import DayField, FreeTextArea, PageForm

KNOWLEDGE = [("", "Ikke sett"), ("1", "Kjennskap"), ("2", "Kunnskap"), ("3", "God kunnskap")]
SKILL = [("", "Ikke sett"), ("1", "Kjennskap"), ("2", "Under supervisjon"), ("3", "Selvstendig")]


class ActivityForm(PageForm):
    goals = forms.MultipleChoiceField(
        label="Hvilke mål gjaldt det?",
        choices=[("20", "PAL-020"), ("25", "PAL-025")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Velg minst ett læringsmål"},
    )
    how = forms.ChoiceField(
        label="Hvordan gjorde du det?",
        choices=[("o", "Observerte"), ("s", "Under supervisjon"), ("i", "Selvstendig")],
        widget=forms.RadioSelect,
    )
    performed_on = DayField(label="Når")
    department = forms.ChoiceField(label="Hvor", choices=[("1", "Lindrende enhet")])
    assessor = forms.ChoiceField(label="Vurderes av", choices=[("1", "Marit Demo Lund")])
    note = FreeTextArea(
        label="Notat",
        max_length=500,
        rows=2,
        required=False,
        help_text="Skriv ikke noe som kan avsløre hvem pasienten er.",
    )


class AssessmentForm(PageForm):
    level_1 = forms.ChoiceField(choices=KNOWLEDGE, required=False, widget=forms.RadioSelect)
    level_2 = forms.ChoiceField(choices=SKILL, required=False, widget=forms.RadioSelect)
    sentence = FreeTextArea(label="Én setning til Nora", max_length=300, rows=2, required=False)
    recommends = forms.BooleanField(label="Jeg anbefaler godkjenning", required=False)
    reason = forms.ChoiceField(
        label="Hvorfor sender du tilbake?",
        choices=[("a", "Jeg var ikke til stede"), ("b", "Feil mål er valgt"), ("c", "Annet")],
        widget=forms.RadioSelect,
    )


ACTIVITY = {
    "how": "s",
    "performed_on": date(2026, 11, 19),
    "department": "1",
    "assessor": "1",
    "note": "Familiesamtale om overgang til lindring.",
}


def kitchen_sink(request, name):
    """The context of the kitchen sink page ``name``; ``?feil`` binds the form with errors."""
    if name == "ny_aktivitet":
        if "feil" in request.GET:
            return {"form": ActivityForm({**ACTIVITY, "note": "Snakket med 010203 12345."})}
        return {"form": ActivityForm(initial={**ACTIVITY, "goals": ["20"]})}
    if name in ("vurder", "komponenter"):
        return {"form": AssessmentForm(initial={"level_1": "3", "level_2": "", "reason": "a"})}
    if name == "laeringsmal":
        return {"themes": _themes()}
    return {}


def _themes():
    approved = ("Godkjent", "success", "checkmark-heavy", "approved", False)
    working = ("Under arbeid", "neutral", "half-circle", "in-progress", False)
    awaiting = ("Til avgjørelse", "info", "hourglass", "awaiting", False)
    fresh = ("Ikke startet", "neutral", "circle", "not-started", True)
    returned = ("Sendt tilbake", "warning", "arrow-undo", "returned", False)
    words = "kartlegging, vurdering og ivaretakelse av"

    def goal(number, status, levels, term, before, keyword, after, when):
        return {
            "code": f"{number:03}",
            "status": dict(
                zip(("label", "color", "icon", "state", "outline"), status, strict=True)
            ),
            "levels": levels,
            "term": term,
            "before": before,
            "keyword": keyword,
            "after": after,
            "when": when,
        }

    first = [
        goal(
            1,
            approved,
            [(2, 2), (2, 2)],
            "Ha kunnskap om",
            "",
            "palliasjonens filosofi og verdigrunnlag",
            ", samt utvikling i Norge, Europa og globalt.",
            "jan. 2024",
        ),
        goal(
            2,
            approved,
            [(3, 3)] * 3,
            "Ha god kunnskap om",
            "",
            "multidimensjonal og holistisk tilnærming",
            " i behandling, pleie og omsorg.",
            "aug. 2024",
        ),
        goal(
            5,
            working,
            [(3, 3), (2, 3)],
            "Ha god kunnskap om",
            words,
            "åndelige/eksistensielle behov",
            ".",
            "12. nov.",
        ),
        goal(
            8,
            awaiting,
            [(3, 3), (3, 3)],
            "Ha god kunnskap om",
            words,
            "pårørendes behov",
            ", herunder barn som pårørende og familieperspektivet.",
            "13. nov.",
        ),
    ]
    second = [
        goal(
            9,
            approved,
            [(3, 3), (3, 3)],
            "Beherske",
            "",
            "helhetlig vurdering",
            " av informasjon fremkommet gjennom anamneseopptak, klinisk undersøkelse "
            "og supplerende undersøkelser.",
            "mai 2025",
        ),
        goal(
            11,
            working,
            [(2, 2), (None, 2)],
            "Ha kunnskap om",
            "etiologi, patofysiologi, forventet forløp, prognostiske faktorer og behandling ved",
            "nevrologiske sykdommer",
            "/tilstander, herunder:",
            "3. juni",
        ),
    ]
    third = [
        goal(
            19,
            fresh,
            [(None, 2)] * 3,
            "Ha kunnskap om",
            "helhetlig",
            "symptomlindring av barn og unge",
            " i palliative forløp.",
            "",
        ),
        goal(
            41,
            returned,
            [(3, 3), (2, 3)],
            "Ha god kunnskap om",
            "kartlegging og behandling av",
            "fysiske symptomer",
            ", herunder:",
            "5. nov.",
        ),
    ]
    names = [
        "Palliativ tilnærming og kartlegging",
        "Generell medisin",
        "Palliasjon til barn og unge",
        "Kommunikasjon, etikk og beslutningsprosesser",
        "Samhandling/samarbeid og pasientforløp",
        "Felles kompetansemål, del 2–3",
        "Smerte- og symptomlindring",
        "Komplikasjoner og akutte tilstander",
        "Behandling, pleie og omsorg i livets sluttfase",
        "Praktiske prosedyrer og ferdigheter",
        "Ledelse av palliativt team/enhet",
        "Egenomsorg og refleksjon over egen praksis",
    ]
    goals = [
        first,
        second,
        third,
        first + second,
        second,
        first + second + third,
        first + second + third + first + second[:1],
        second,
        first,
        first,
        third[:1],
        second[:1],
    ]
    return [
        {"number": i + 1, "name": name, "goals": g}
        for i, (name, g) in enumerate(zip(names, goals, strict=True))
    ]
