"""A form of the alternate request syntax and the request it means. XP-03"""

from urllib.parse import urlencode

import pytest

from xapi_lrs.core.alternate import read_alternate
from xapi_lrs.core.errors import InvalidRequest

FORM = "application/x-www-form-urlencoded"
PUT = [("method", "PUT")]


def test_fields_become_headers_parameters_and_body():
    """1.0.3 Communication 1.3. XP-03"""
    form = {
        "statementId": "é+ &",
        "authorization": "Basic x",
        "X-Experience-API-Version": "1.0.3",
        "If-None-Match": "*",
        "content": '{"a": "é"}',
    }
    meant = read_alternate(PUT, FORM + "; charset=UTF-8", urlencode(form).encode())
    assert meant.method == "PUT"
    assert meant.parameters == [("statementId", "é+ &")]
    assert meant.body == '{"a": "é"}'.encode()
    assert meant.headers == {
        "Authorization": "Basic x",
        "X-Experience-API-Version": "1.0.3",
        "If-None-Match": "*",
        "Content-Type": "application/json",
    }


def test_a_body_of_another_kind_says_so_in_the_form():
    """XP-03"""
    form = urlencode({"content": "a", "Content-Type": "text/plain"}).encode()
    assert read_alternate(PUT, FORM, form).headers == {"Content-Type": "text/plain"}


def test_a_get_needs_no_content():
    """XP-03"""
    meant = read_alternate([("method", "GET")], FORM, b"limit=1&limit=")
    assert (meant.parameters, meant.body) == ([("limit", "1"), ("limit", "")], b"")


@pytest.mark.parametrize(
    ("query", "content_type", "form", "why"),
    [
        (PUT, "application/json", b"{}", "x-www-form-urlencoded"),
        (PUT, "", b"content=x", "x-www-form-urlencoded"),
        (PUT, FORM, b"", "no field `content`"),
        (PUT, FORM, b'{"id": 1}', "no field `content`"),
        (PUT, FORM, b"content=%ff", "urlencoded UTF-8"),
        (PUT, FORM, b"content=\xff", "urlencoded UTF-8"),
        ([*PUT, ("statementId", "x")], FORM, b"content=x", "statementId"),
        ([*PUT, *PUT], FORM, b"content=x", "method"),
        ([("method", "PATCH")], FORM, b"content=x", "one of GET, HEAD, PUT, POST, DELETE"),
        ([("method", "put")], FORM, b"content=x", "one of GET"),
    ],
)
def test_what_is_no_such_form_is_refused_by_its_fault(query, content_type, form, why):
    """XP-03"""
    with pytest.raises(InvalidRequest) as refused:
        read_alternate(query, content_type, form)
    assert why in refused.value.message
