"""A learner with a quiz open, who keeps every answer that the server gave."""

import json
import re
from uuid import UUID

from content.core.quiz.learner_paper import veil_answer
from content.models.quiz_attempt import QuizAttempt
from content.services.quiz_attempts import read_paper
from database.session import transaction
from tests.content.core.quiz.questions import ALL
from tests.content.quiz_world import make_quiz
from tests.lti_app.conftest import Portal


class Taking:
    """A learner with a quiz open."""

    def __init__(self, portal: Portal, key: str) -> None:
        self.portal, self.seen = portal, []
        start = self._keep(portal.get(f"/quizzes/{key}"))
        self.start = start.headers["Location"]
        self.token = self.start.split("/")[-2]

    def begin(self) -> str:
        self._keep(self.portal.get(self.start))
        answer = self._keep(self.portal.post(f"/quizzes/at/{self.token}/begin"))
        self.page = answer.headers["Location"]
        self.attempt_id = UUID(self.page.split("/")[-1])
        return self.show()

    def show(self) -> str:
        text = self._keep(self.portal.get(self.page)).text
        found = re.search(r'data-writer="(\d+)"', text)
        self.writer, self.number = int(found[1]) if found else 0, 0
        return text

    def send(self, entries, writer=None):
        body = json.dumps({"writer": writer or self.writer, "entries": entries})
        path = f"/quizzes/at/{self.token}/attempts/{self.attempt_id}/entries"
        return self._keep(self.portal._open("POST", path, data=body, content_type="text/plain"))

    def answer(self, slot: int, value) -> dict:
        with transaction(self.portal.tenant) as session:
            attempt = session.get_one(QuizAttempt, self.attempt_id)
            asked = read_paper(session, attempt)[slot][0]
            shown = veil_answer(asked, value, seed=attempt.seed, slot=slot)
        self.number += 1
        return self.send([[self.number, "answer", slot, shown, 5]]).get_json()

    def submit(self) -> str:
        self._keep(self.portal.post(f"/quizzes/at/{self.token}/attempts/{self.attempt_id}/submit"))
        return self._keep(self.portal.get(self.page)).text

    def kinds(self) -> dict[int, str]:
        with transaction(self.portal.tenant) as session:
            attempt = session.get_one(QuizAttempt, self.attempt_id)
            return {slot: q.kind for slot, (q, _) in read_paper(session, attempt).items()}

    def _keep(self, answer):
        self.seen.append(answer.text + str(answer.headers))
        return answer


def stock(portal: Portal, raws=ALL, **settings) -> str:
    with transaction(portal.tenant) as session:
        return make_quiz(session, raws, **settings).key
