"""The eight functions of the SCORM 1.2 API (RTE 3.3.2) and their states.

States: not initialized → running → finished. Every function answers a string and sets the last
error; none ever raises. In the browser content talks to `static/bridge/api.js`; this twin
replays journals on the server and is held to the same cases.
"""

from collections.abc import Callable
from typing import Literal

from scorm_runtime.core.cmi.model import Answer, DataModel

State = Literal["not initialized", "running", "finished"]


class Api12:
    """One communication session of one SCO."""

    def __init__(self, model: DataModel, state: State = "not initialized") -> None:
        self.model = model
        self.state: State = state
        self.last = Answer()

    def initialize(self, argument: str = "") -> str:
        """LMSInitialize: 0, 101, 201.

        101 when the session runs already. After LMSFinish the book wants a new launch (strict:
        101); leniently a new session begins, because content that opens its window again has no
        other way.
        """
        if argument != "":
            return self._done(Answer("201", remark="the argument must be an empty string"))
        if self.state == "running" or (self.state == "finished" and self.model.strict):
            return self._done(Answer("101", remark=f"the session is already {self.state}"))
        self.state = "running"
        return self._done(Answer())

    def finish(self, argument: str = "") -> str:
        """LMSFinish: 0, 201, 301."""
        refused = self._refuse_call(argument)
        if refused:
            return self._done(refused)
        self.state = "finished"
        return self._done(Answer())

    def commit(self, argument: str = "") -> str:
        """LMSCommit: 0, 201, 301."""
        return self._done(self._refuse_call(argument) or Answer())

    def get_value(self, name: str) -> str:
        """LMSGetValue: 0, 201, 202, 203, 301, 401, 404; answers "" with every error."""
        self.last = self._refuse_call("") or self.model.get(name)
        return self.last.value if self.last.code == "0" else ""

    def set_value(self, name: str, value: str) -> str:
        """LMSSetValue: 0, 201, 301, 401, 402, 403, 405."""
        return self._done(self._refuse_call("") or self.model.set(name, value))

    def get_last_error(self) -> str:
        """LMSGetLastError: the code of the last of the five calls above."""
        return self.last.code

    def get_error_string(self, code: str) -> str:
        """LMSGetErrorString: the text of `code`, "" for a code that does not exist."""
        return self.model.table.errors.get(code, "")

    def get_diagnostic(self, code: str) -> str:
        """LMSGetDiagnostic: for "" or the last error's code what was wrong, else the text."""
        if code in ("", self.last.code):
            return self.last.remark or self.get_error_string(self.last.code)
        return self.get_error_string(code)

    def call(self, function: str, *arguments: str) -> str:
        """Call by the name that content uses: "LMSSetValue"."""
        return _FUNCTIONS[function](self, *arguments)

    def _refuse_call(self, argument: str) -> Answer | None:
        if self.state != "running":
            return Answer("301", remark=f"the session is {self.state}")
        if argument != "":
            return Answer("201", remark="the argument must be an empty string")
        return None

    def _done(self, answer: Answer) -> str:
        self.last = answer
        return "true" if answer.code == "0" else "false"


_FUNCTIONS: dict[str, Callable[..., str]] = {
    "LMSInitialize": Api12.initialize,
    "LMSFinish": Api12.finish,
    "LMSCommit": Api12.commit,
    "LMSGetValue": Api12.get_value,
    "LMSSetValue": Api12.set_value,
    "LMSGetLastError": Api12.get_last_error,
    "LMSGetErrorString": Api12.get_error_string,
    "LMSGetDiagnostic": Api12.get_diagnostic,
}
