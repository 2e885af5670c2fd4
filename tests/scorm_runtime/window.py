"""A window of the player as the server sees it: it opens, journals calls, sends commits."""

from database.session import transaction
from scorm_runtime.core.journal import parse_commit, parse_journal
from scorm_runtime.services.commits import commit
from scorm_runtime.services.openings import Visit, open_player
from tests.scorm_runtime.playing import NOW

STATUS = "cmi.core.lesson_status"
RAW = "cmi.core.score.raw"


class Window:
    """A window of the player as the server sees it."""

    def __init__(self, tenant, attempt, journals=(), *, start=True):
        self.tenant, self.attempt = tenant, attempt
        journals = [parse_journal(one) for one in journals]
        visit = Visit("u1", "Sample, Sara", "launch-1", start)
        with transaction(tenant) as session:
            opening = open_player(session, attempt, journals, visit, now=NOW)
        self.opening, self.outcome = opening.answer, opening.outcome
        self.writer, self.n, self.number = opening.answer["writer"], 0, 0
        self.waiting, self.calls = [], []

    def call(self, op, *arguments):
        self.n += 1
        self.waiting.append([self.n, op, *arguments])
        return self

    def set(self, name, value):
        return self.call("set", name, value)

    def body(self, number=None):
        self.number = number or self.number + 1
        sent = {"writer": self.writer, "number": self.number, "entries": list(self.waiting)}
        return {**sent, "calls": self.calls} if self.calls else sent

    def send(self, body=None):
        with transaction(self.tenant) as session:
            result = commit(
                session, self.attempt, parse_commit(body or self.body()), now=NOW, launch_ref="l"
            )
        if not result.fenced:
            done = result.answer["acknowledged"]
            self.waiting = [entry for entry in self.waiting if entry[0] > done]
        return result
