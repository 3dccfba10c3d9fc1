"""The trainee says that a dossier has been sent. PAL-mappen itself sends nothing."""

from uuid import UUID

from django.core.exceptions import PermissionDenied

from institutions.enums import Role
from portfolio import permissions
from portfolio.enums import Verb
from portfolio.models import Submission, Training
from portfolio.services.ledger import once, record


@once(Submission)
def submit_dossier(training: Training, *, number: str, sha256: str, by, key: UUID) -> Submission:
    """`number` and `sha256` are of the sealed file. The latest submitted supersedes the others.

    A dossier is submitted once: a second form for the same one finds it done.
    """
    if not permissions.can_submit(by, training):
        raise PermissionDenied
    Training.objects.select_for_update().get(pk=training.pk)
    if made := training.submissions.filter(number=number, sha256=sha256).first():
        return made
    submission = Submission.objects.create(
        training=training,
        number=number,
        sha256=sha256,
        actor=by,
        actor_role=Role.TRAINEE,
        key=key,
    )
    record(
        training,
        actor=by,
        role=Role.TRAINEE,
        verb=Verb.DOSSIER_SUBMITTED,
        subject=submission,
        content={"number": number, "sha256": sha256},
    )
    return submission
