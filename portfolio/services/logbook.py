"""The whole of what one form about an activity does: save, keep its files, send; or nothing."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from portfolio import permissions, rules
from portfolio.enums import Refusal
from portfolio.models import Attachment, LearningActivity, Training
from portfolio.services.activities import attach_file, save_activity, send_activity


def log_activity(
    *,
    training: Training,
    by,
    key: UUID,
    send: bool,
    uploads: Iterable[UploadedFile] = (),
    **content: object,
) -> LearningActivity:
    """`content` is what `save_activity` takes. The same form twice is one activity."""
    whole = {"training": training, "by": by, "key": key, "send": send, "uploads": list(uploads)}
    try:
        return _log(**whole, content=content)
    except IntegrityError:
        # The form came twice at the same moment, and the other one made the row.
        if not LearningActivity.objects.filter(key=key).exists():
            raise
        return _log(**whole, content=content)


def _log(
    *,
    training: Training,
    by,
    key: UUID,
    send: bool,
    uploads: list[UploadedFile],
    content: dict,
) -> LearningActivity:
    made = LearningActivity.objects.filter(key=key).select_related("training").first()
    if made and made.training_id != training.pk:
        raise PermissionDenied
    if made and not permissions.can_edit(by, made):
        rules.require(_says(made, content), Refusal.NOT_DRAFT)
        return made
    stored: list[Attachment] = []
    try:
        with transaction.atomic():
            activity = save_activity(training=training, by=by, key=key, **content)
            kept_before = set(activity.attachments.all()) if uploads else set()
            for upload in uploads:
                upload.seek(0)
                attachment = attach_file(activity, by=by, upload=upload)
                stored += [attachment] if attachment not in kept_before else []
            return send_activity(activity, by=by) if send else activity
    except Exception:
        for attachment in stored:  # the rows are rolled back; the disk knows nothing of that
            attachment.file.storage.delete(attachment.file.name)
        raise


def _says(activity: LearningActivity, content: dict) -> bool:
    """Whether what was sent before is what this form says: the second of a double submit."""
    facts = ("kind", "starts_on", "ends_on", "department", "performed_as", "note", "supervisor")
    return all(getattr(activity, name) == content[name] for name in facts)
