"""Uploads in parts over HTTP: short requests, by the one who began, in their order, once."""

import hashlib
import io
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from content.samples.build import build_sample
from database.session import transaction
from lti_app import queue
from lti_app.core.permissions import Role
from lti_app.jobs import imports
from scorm_runtime.models.import_job import ImportJob
from scorm_runtime.models.upload import Upload
from scorm_runtime.services import uploads
from tests.lti_app.conftest import stock

DATA = bytes(1024) * 1024
PART = uploads.MIN_PART_BYTES
JSON = {"Accept": "application/json"}


@pytest.fixture
def asked(monkeypatch):
    calls = []
    monkeypatch.setattr(queue, "enqueue", lambda *call: calls.append(call))
    return calls


class Sender:
    """A script in the browser of somebody who may upload."""

    def __init__(self, portal, role=Role.INSTRUCTOR):
        self.portal = portal = replace(portal, client=portal.app.test_client())
        portal.sign_in_as(role)
        self.token = portal.csrf_token("/admin/packages/upload")

    def call(self, method, path, **kwargs):
        headers = {**JSON, "X-CSRFToken": self.token, **kwargs.pop("headers", {})}
        return self.portal._open(method, path, headers=headers, **kwargs)

    def begin(self, data=DATA, **changes):
        body = {"name": "course.zip", "size": len(data), "modified": 7, **changes}
        return self.call("POST", "/admin/packages/uploads", json=body)

    def send(self, state, start, data, **kwargs):
        kwargs.setdefault("content_type", "application/octet-stream")
        return self.call("PUT", f"{state['url']}/parts/{start}", data=data, **kwargs)


@pytest.fixture
def sender(portal):
    return Sender(portal)


def test_parts_become_a_package(sender, asked):
    data = build_sample("demo-page-turner")
    state = sender.begin(data).json
    digest = hashlib.sha256(data).hexdigest()
    sent = sender.send(state, 0, data, headers={"X-Part-SHA256": digest})
    assert (sent.status_code, sent.json["received"]) == (200, len(data))
    assert sent.json["parts"] == [{"start": 0, "size": len(data), "sha256": digest}]

    done = sender.call("POST", f"{state['url']}/finish")
    again = sender.call("POST", f"{state['url']}/finish")
    assert done.json == again.json
    assert [call[0] for call in asked] == [queue.RUN_IMPORT]
    assert "Put the parts together" in sender.portal.get(done.json["location"]).text
    imports.run(*map(str, asked[0][1:]))
    assert "The package is in." in sender.portal.get(done.json["location"]).text


def test_a_new_version_is_uploaded_in_parts_for_a_package_one_may_edit(sender, portal, asked):
    package_id = stock(portal)
    assert sender.begin(package=str(package_id)).status_code == 201
    assert sender.begin(package=str(uuid4())).status_code == 404


def test_a_part_at_the_wrong_place_is_answered_with_the_right_one(sender):
    state = sender.begin().json
    sender.send(state, 0, DATA[:PART])
    for start in (0, PART + 1, len(DATA)):
        wrong = sender.send(state, start, DATA[:PART])
        assert wrong.status_code == 409
        assert wrong.json["error"]["code"] == "wrong_offset"
        assert wrong.json["upload"]["received"] == PART


def test_an_upload_goes_on_for_who_announces_the_same_file_again(sender):
    state = sender.begin().json
    sender.send(state, 0, DATA[:PART])
    again = sender.begin()
    assert (again.json["id"], again.json["received"]) == (state["id"], PART)
    assert "course.zip" in sender.portal.get("/admin/packages/upload").text


def test_another_persons_upload_does_not_exist(sender, portal):
    state = sender.begin().json
    stranger = Sender(portal, Role.TENANT_ADMINISTRATOR)
    assert stranger.call("GET", state["url"]).status_code == 404
    assert stranger.send(state, 0, DATA[:PART]).status_code == 404
    assert stranger.call("POST", f"{state['url']}/finish").status_code == 404
    assert stranger.call("DELETE", state["url"]).status_code == 404
    assert stranger.begin().json["id"] != state["id"]


def test_learners_send_nothing_and_their_part_is_not_read(portal, sender):
    state = sender.begin().json
    portal.sign_in_as(Role.LEARNER)
    unread, length = io.BytesIO(DATA), {"CONTENT_LENGTH": str(len(DATA))}
    path = f"{state['url']}/parts/0"
    answer = portal._open("PUT", path, input_stream=unread, environ_overrides=length)
    assert answer.status_code == 403
    assert unread.tell() == 0


def test_a_part_without_csrf_token_is_refused(sender):
    state = sender.begin().json
    answer = sender.portal._open("PUT", f"{state['url']}/parts/0", data=DATA[:PART])
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("size", "status"),
    [(10, 422), (len(DATA) + 1, 413), (uploads.MAX_PART_BYTES + 1, 413)],
)
def test_a_part_of_a_wrong_size_is_refused_before_it_is_read(sender, size, status):
    state = sender.begin().json
    unread, length = io.BytesIO(bytes(100)), {"CONTENT_LENGTH": str(size)}
    path = f"{state['url']}/parts/0"
    answer = sender.call("PUT", path, input_stream=unread, environ_overrides=length)
    assert answer.status_code == status
    assert unread.tell() == 0


def test_a_damaged_part_is_refused_and_can_be_sent_again(sender):
    state = sender.begin().json
    digest = {"X-Part-SHA256": hashlib.sha256(DATA[:PART]).hexdigest()}
    damaged = sender.send(state, 0, b"x" * PART, headers=digest)
    assert (damaged.status_code, damaged.json["upload"]["received"]) == (422, 0)
    assert sender.send(state, 0, DATA[:PART], headers=digest).json["received"] == PART


def test_a_finished_upload_takes_no_more_and_an_unfinished_one_is_not_finished(sender, asked):
    state = sender.begin(DATA[:PART]).json
    early = sender.call("POST", f"{state['url']}/finish")
    assert (early.status_code, early.json["upload"]["received"]) == (409, 0)
    sender.send(state, 0, DATA[:PART])
    sender.call("POST", f"{state['url']}/finish")
    assert sender.send(state, 0, DATA[:PART]).status_code == 409
    assert sender.call("DELETE", state["url"]).status_code == 404


def test_a_discarded_upload_leaves_no_row_and_no_part(sender, portal):
    state = sender.begin().json
    sender.send(state, 0, DATA[:PART])
    assert sender.call("DELETE", state["url"]).status_code == 204
    with transaction(portal.tenant) as session:
        assert session.scalars(select(Upload)).all() == []
        assert session.scalars(select(ImportJob)).all() == []


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"name": "x.zip"},
        {"name": 5, "size": 5},
        {"name": "x.zip", "size": "5"},
        {"name": "x.zip", "size": True},
        {"name": "x.zip", "size": 5, "modified": 2**70},
        {"name": "x.zip", "size": 5, "package": "../x"},
        {"name": "x.zip", "size": 5, "package": [1]},
    ],
)
def test_what_is_no_announcement_of_a_file_is_refused(sender, body):
    assert sender.call("POST", "/admin/packages/uploads", json=body).status_code == 400


@pytest.mark.parametrize("size", [0, -1, 2**62])
def test_a_file_that_cannot_be_taken_is_refused_before_it_is_sent(sender, size):
    answer = sender.begin(size=size)
    assert answer.status_code in (413, 422)
    assert answer.json["error"]["message"]
