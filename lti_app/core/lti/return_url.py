"""Back to the platform, with something to say (LTI Core 1.3, launch_presentation.return_url):
`lti_msg` and `lti_errormsg` for the person, `lti_log` and `lti_errorlog` for the platform's log."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LONGEST = 500


def build_return_url(
    url: str, *, msg: str = "", errormsg: str = "", log: str = "", errorlog: str = ""
) -> str:
    """`url` with what is to be told; its own query stays, but for older words of the same names."""
    said = {"lti_msg": msg, "lti_errormsg": errormsg, "lti_log": log, "lti_errorlog": errorlog}
    told = {name: text[:LONGEST] for name, text in said.items() if text}
    if not told:
        return url
    parts = urlsplit(url)
    own = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in said]
    query = urlencode([*own, *told.items()]) if own or not parts.query else urlencode(told)
    return urlunsplit(parts._replace(query=query))
