"""Uploads in parts: continued after whatever happens, never doubled, never another's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from content.samples.build import build_sample
from scorm_runtime.models.import_job import ImportState
from scorm_runtime.models.upload import Upload
from scorm_runtime.services import uploads
from scorm_runtime.services.errors import (
    TooManyUploads,
    UploadNotFound,
    UploadRefused,
    UploadTooLarge,
    WrongOffset,
)
from scorm_runtime.services.upload_rows import list_parts, prefix_of
from tests.scorm_runtime.playing import NOW, make_user
from tests.scorm_runtime.services.importing import Workshop

PART = uploads.MIN_PART_BYTES
DATA = bytes(range(256)) * 4096  # 1 MiB: four parts
LATER = NOW + uploads.LIFETIME + timedelta(seconds=1)


class Sender(Workshop):
    """A person who uploads `data`."""

    def __init__(self, tenant, folder, data=DATA):
        super().__init__(tenant, folder)
        self.data, self.user_id = data, make_user(tenant)

    def begin(self, name="course.zip", max_bytes=10**9, **changes):
        new = {
            "file_name": name,
            "byte_count": len(self.data),
            "modified_ms": 5,
            "package_id": None,
            "created_by": self.user_id,
        }
        with self.transaction() as session:
            announced = uploads.NewUpload(**(new | changes))
            return uploads.begin_upload(session, announced, max_bytes=max_bytes, now=NOW).id

    def send(self, upload_id, start, size=PART, user_id=None, sha256="", now=NOW):
        """Store the part and let it count; where it stands then."""
        data = self.data[start : start + size]
        part = uploads.store_part(self.storage, upload_id, uuid4(), [data], sha256=sha256)
        try:
            with self.transaction() as session:
                user = user_id or self.user_id
                return uploads.add_part(session, upload_id, user, start, part, now=now).received
        except UploadRefused:
            self.storage.delete(part.key)
            raise

    def send_all(self, upload_id):
        for start in range(0, len(self.data), PART):
            self.send(upload_id, start)

    def finish(self, upload_id):
        with self.transaction() as session:
            job, is_new = uploads.finish_upload(session, upload_id, self.user_id, now=NOW)
            return job.id, is_new


@pytest.fixture
def sender(tenant, tmp_path):
    return Sender(tenant, tmp_path)


def test_parts_become_the_zip_that_is_imported_and_nothing_of_them_is_left(tenant, tmp_path):
    sender = Sender(tenant, tmp_path, build_sample("demo-page-turner"))
    upload_id = sender.begin()
    sender.send_all(upload_id)
    job_id, _ = sender.finish(upload_id)

    job = sender.run(job_id)
    assert job.state == ImportState.DONE
    assert job.file_name == "course.zip"
    kept = b"".join(sender.storage.read(job.package_version.zip_key))
    assert kept == sender.data
    assert list(sender.storage.list("uploads/")) == []


def test_the_same_file_again_goes_on_where_it_stood(sender):
    """After a reload, a lost network or a new start of the server."""
    first = sender.begin()
    sender.send(first, 0)
    assert sender.begin() == first
    assert sender.begin(modified_ms=6) != first
    assert sender.send(first, PART) == 2 * PART


def test_a_part_that_arrives_twice_counts_once_and_is_answered_with_where_it_stands(sender):
    """The answer was lost on its way, and the browser sends the part again."""
    upload_id = sender.begin()
    sender.send(upload_id, 0)
    with pytest.raises(WrongOffset, match=str(PART)):
        sender.send(upload_id, 0)
    with pytest.raises(WrongOffset):
        sender.send(upload_id, 3 * PART)
    assert len(list(sender.storage.list(prefix_of(upload_id)))) == 1


def test_of_parts_that_arrive_at_once_one_counts(sender, app):
    upload_id = sender.begin()

    def try_once(_):
        with app.app_context():
            try:
                return sender.send(upload_id, 0)
            except WrongOffset:
                return None

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(try_once, range(8)))
    assert sorted(one for one in found if one) == [PART]
    with sender.transaction() as session:
        assert [part.start for part in list_parts(session, upload_id)] == [0]
    assert len(list(sender.storage.list(prefix_of(upload_id)))) == 1


def test_nobody_elses_upload_can_be_seen_or_written_to(sender):
    upload_id, stranger = sender.begin(), make_user(sender.tenant)
    with pytest.raises(UploadNotFound):
        sender.send(upload_id, 0, user_id=stranger)
    with sender.transaction() as session, pytest.raises(UploadNotFound):
        uploads.get_upload(session, upload_id, stranger, now=NOW)


@pytest.mark.parametrize(
    ("start", "size", "reason"),
    [
        (0, 10, UploadRefused),
        (0, 0, UploadRefused),
        (0, len(DATA) + 1, UploadTooLarge),
        (0, uploads.MAX_PART_BYTES + 1, UploadTooLarge),
        (1, PART, WrongOffset),
        (-1, PART, WrongOffset),
    ],
)
def test_a_part_is_judged_by_what_is_announced_of_it(sender, start, size, reason):
    upload_id = sender.begin()
    with sender.transaction() as session:
        upload = uploads.get_upload(session, upload_id, sender.user_id, now=NOW)
    with pytest.raises(reason):
        uploads.check_part(upload, start, size)


def test_the_last_part_may_be_small(tenant, tmp_path):
    sender = Sender(tenant, tmp_path, bytes(PART + 1))
    upload_id = sender.begin()
    sender.send_all(upload_id)
    assert sender.finish(upload_id)[1]


def test_a_damaged_part_is_refused_and_not_kept(sender):
    upload_id = sender.begin()
    with pytest.raises(UploadRefused, match="damaged"):
        sender.send(upload_id, 0, sha256="0" * 64)
    assert list(sender.storage.list("uploads/")) == []


def test_an_upload_is_finished_once_and_takes_no_part_afterwards(sender):
    upload_id = sender.begin()
    sender.send(upload_id, 0)
    with pytest.raises(WrongOffset, match="missing"):
        sender.finish(upload_id)
    for start in range(PART, len(DATA), PART):
        sender.send(upload_id, start)
    first, again = sender.finish(upload_id), sender.finish(upload_id)
    assert first[0] == again[0]
    assert (first[1], again[1]) == (True, False)
    with pytest.raises(WrongOffset):
        sender.send(upload_id, 0)


def test_files_that_are_empty_or_too_large_are_not_begun(sender):
    with pytest.raises(UploadRefused, match="empty"):
        sender.begin(byte_count=0)
    with pytest.raises(UploadTooLarge, match="at most 100"):
        sender.begin(max_bytes=100)


def test_nobody_has_more_than_a_few_unfinished_uploads(sender):
    for number in range(uploads.MAX_UNFINISHED):
        sender.begin(f"{number}.zip")
    with pytest.raises(TooManyUploads, match="discard"):
        sender.begin("one-more.zip")
    assert sender.begin("3.zip")  # going on with one of them is no further one


def test_an_upload_that_stays_silent_is_given_up_with_its_parts(sender):
    upload_id = sender.begin()
    sender.send(upload_id, 0)
    with sender.transaction() as session:
        assert list(uploads.find_expired(session, now=NOW)) == []
        assert list(uploads.find_expired(session, now=LATER)) == [upload_id]
    with pytest.raises(UploadNotFound):
        sender.send(upload_id, PART, now=LATER)
    with sender.transaction() as session:
        uploads.delete_expired(session, upload_id, now=LATER)
    with sender.transaction() as session:
        assert session.get(Upload, upload_id) is None


def test_an_upload_whose_import_waits_is_not_given_up(sender):
    upload_id = sender.begin()
    sender.send_all(upload_id)
    sender.finish(upload_id)
    with sender.transaction() as session:
        assert list(uploads.find_expired(session, now=LATER)) == []


def test_a_discarded_upload_is_gone_and_an_arrived_one_cannot_be_discarded(sender):
    gone, arrived = sender.begin("gone.zip"), sender.begin("arrived.zip")
    with sender.transaction() as session:
        uploads.discard_upload(session, gone, sender.user_id, now=NOW)
    with sender.transaction() as session, pytest.raises(UploadNotFound):
        uploads.get_upload(session, gone, sender.user_id, now=NOW)
    sender.send_all(arrived)
    sender.finish(arrived)
    with sender.transaction() as session, pytest.raises(UploadNotFound):
        uploads.discard_upload(session, arrived, sender.user_id, now=NOW)


def test_a_worker_killed_while_it_joins_the_parts_starts_over_and_makes_one_version(
    tenant, tmp_path
):
    """Repeated without doubling: the parts stay until the version is there."""
    sender = Sender(tenant, tmp_path, build_sample("demo-quiz"))
    upload_id = sender.begin()
    sender.send_all(upload_id)
    job_id, _ = sender.finish(upload_id)

    class Killed(BaseException):
        pass

    real = sender.storage.read

    def dying(key, *bounds):
        raise Killed

    sender.storage.read = dying
    with pytest.raises(Killed):
        sender.run(job_id)
    sender.storage.read = real
    sender.clock.time += timedelta(minutes=5)
    job = sender.run(job_id)
    assert (job.state, job.tries, job.package_version.number) == (ImportState.DONE, 2, 1)


def test_an_upload_whose_parts_are_lost_is_a_named_failure(sender):
    upload_id = sender.begin()
    sender.send_all(upload_id)
    job_id, _ = sender.finish(upload_id)
    sender.storage.delete_prefix(prefix_of(upload_id))
    assert sender.run(job_id).error_code == "upload_missing"
