"""Where the parts of an upload lie: for who receives them and for the import that joins them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scorm_runtime.models.upload import UploadPart


def prefix_of(upload_id: UUID) -> str:
    """The folder of an upload's parts in the storage."""
    return f"uploads/{upload_id}/"


def list_parts(session: Session, upload_id: UUID) -> Sequence[UploadPart]:
    """The parts that count, in order."""
    return session.scalars(
        select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    ).all()
