"""The main pages, as those who use them most."""

from django.urls import reverse

from accounts.models import User
from institutions.enums import Role
from portfolio.models import AssessmentRequest, Claim, RecommendationRequest, Training


def pages() -> list[tuple[str, User, str]]:
    """(name, user, URL)"""
    training = Training.objects.get(trainee__email="trainee-0-1@example.org")
    trainee = training.trainee
    people = {one.email.split("-")[0]: one for one in User.objects.filter(email__contains="-1@")}
    supervisor, head = people["supervisor"], people["head"]
    guide, leader, admin = people["guide"], people["leader"], people["admin"]
    of_goal = [training.pk, "pal-2023", "PAL-020"]
    asked = AssessmentRequest.objects.awaiting(supervisor).filter(training=training).first()
    claims = Claim.objects.open().filter(progress__training=training).order_by("pk")
    to_recommend = RecommendationRequest.objects.awaiting(guide).filter(
        role=Role.EDUCATIONAL_SUPERVISOR, claim__in=claims
    )
    return [
        ("Dette gjenstår", trainee, reverse("portfolio:home")),
        ("Ny aktivitet", trainee, reverse("portfolio:activity_new")),
        ("Aktiviteter", trainee, reverse("portfolio:activity_list")),
        ("Læringsmål (73)", trainee, reverse("portfolio:goal_list", args=[training.pk])),
        ("Ett mål", trainee, reverse("portfolio:goal_detail", args=of_goal)),
        ("Tjenester", trainee, reverse("portfolio:placement_list")),
        ("Venter på deg", supervisor, reverse("portfolio:waiting_list")),
        ("Vurder", supervisor, reverse("portfolio:assess", args=[asked.pk])),
        ("Signert", supervisor, reverse("portfolio:signed_list")),
        ("Anbefal", guide, reverse("portfolio:recommend", args=[to_recommend[0].claim_id])),
        ("Godkjenn mål", head, reverse("portfolio:decision_list")),
        ("Godkjenn ett mål", head, reverse("portfolio:decide", args=[claims[0].pk])),
        ("Leger", leader, reverse("portfolio:cohort")),
        ("Én lege", leader, reverse("portfolio:doctor", args=[training.pk])),
        ("Klar for søknad?", trainee, reverse("portfolio:application")),
        ("Kullets søknader", leader, reverse("portfolio:cohort_applications")),
        ("Rapporter", trainee, reverse("reports:report_list")),
        ("Personer", admin, reverse("institutions:person_list")),
        ("Læreplan (åpen)", trainee, reverse("curriculum:curriculum_detail", args=["pal-2023"])),
    ]
