"""What people read in the log."""

from demo_lms.core.messages import describe_body, describe_headers, describe_jwt, shorten


def test_a_secret_is_shortened_to_what_recognises_it():
    assert shorten("abcdefghijklmnop") == "abcdefgh… (16 characters)"


def test_only_headers_that_explain_something_are_kept():
    headers = [("content-type", "a/b"), ("Cookie", "x=y"), ("AUTHORIZATION", "Bearer 0123456789")]
    assert describe_headers(headers) == {
        "Authorization": "Bearer 01234567… (10 characters)",
        "Content-Type": "a/b",
    }


def test_a_body_that_is_no_json_is_kept_as_text():
    assert describe_body("<p>") == "<p>"
    assert describe_body("") is None


def test_a_text_that_is_no_jwt_is_shortened():
    assert describe_jwt("x" * 100).endswith("(100 characters)")
