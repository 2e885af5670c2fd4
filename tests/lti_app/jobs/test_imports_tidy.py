"""What the sweep tidies around imports: uploads given up, versions read again after an upgrade."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from database.session import transaction
from lti_app import queue
from lti_app.core.permissions import Role
from lti_app.jobs import imports
from lti_app.storage import storage
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.models.upload import Upload
from scorm_runtime.services import uploads
from scorm_runtime.services.upload_rows import prefix_of
from tests.lti_app.conftest import stock

NOW = datetime.now(UTC)
PART = bytes(uploads.MIN_PART_BYTES)


def test_an_upload_that_nobody_goes_on_with_is_removed_with_its_parts(portal):
    user = portal.add(Role.INSTRUCTOR)
    with transaction(portal.tenant) as session:
        new = uploads.NewUpload("a.zip", len(PART) * 2, 1, None, user)
        upload_id = uploads.begin_upload(session, new, max_bytes=10**9, now=NOW).id
    part = uploads.store_part(storage(), upload_id, uuid4(), [PART])
    with transaction(portal.tenant) as session:
        uploads.add_part(session, upload_id, user, 0, part, now=NOW)

    assert imports.give_up_uploads(portal.tenant, NOW + timedelta(hours=23)) == 0
    assert imports.give_up_uploads(portal.tenant, NOW + timedelta(hours=25)) == 1
    assert list(storage().list(prefix_of(upload_id))) == []
    with transaction(portal.tenant) as session:
        assert session.get(Upload, upload_id) is None


def test_versions_of_an_older_reader_are_asked_for_and_read_again(portal, monkeypatch):
    asked = []
    monkeypatch.setattr(queue, "enqueue", lambda *call: asked.append(call))
    stock(portal)
    with transaction(portal.tenant) as session:
        session.query(PackageVersion).one().read_by = 1

    assert imports.sweep_outdated(portal.tenant) == 1
    assert asked[0][0] == queue.REREAD_VERSION
    imports.reread(*map(str, asked[0][1:]))
    assert imports.sweep_outdated(portal.tenant) == 0
