from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "curriculum"
    verbose_name = "Læreplaner"
    default_auto_field = "django.db.models.BigAutoField"
