from django.urls import path

from portfolio.views import attestations as views

urlpatterns = [
    path(
        "tjenester/<int:placement_id>/bekreftelse/",
        views.service_statement,
        name="service_statement",
    ),
    path(
        "tjenester/<int:placement_id>/bekreftelse/be-om/",
        views.attestation_ask,
        name="attestation_ask",
    ),
    path(
        "tjenester/<int:placement_id>/bekreftelse/trekk/",
        views.attestation_recall,
        name="attestation_recall",
    ),
    path(
        "tjenester/bekreftelse/<int:request_id>/paminn/",
        views.attestation_remind,
        name="attestation_remind",
    ),
    path("bekreft-tjeneste/<int:request_id>/", views.service_attest, name="service_attest"),
    path(
        "bekreft-tjeneste/<int:request_id>/medsigner/",
        views.service_countersign,
        name="service_countersign",
    ),
    path(
        "bekreft-tjeneste/<int:request_id>/send-tilbake/",
        views.attestation_return,
        name="attestation_return",
    ),
    path("tjenestebekreftelser/", views.attestation_list, name="attestation_list"),
    path(
        "tjenestebekreftelser/<int:attestation_id>/",
        views.attestation_detail,
        name="attestation_detail",
    ),
]
