"""The eight functions of a SCORM API and their states (SCORM 1.2 RTE 3.3.2, 2004 RTE 3.1).

States: not initialized → running → finished. Every function answers a string and sets the last
error; none ever raises. In the browser content talks to `static/bridge/api.js`; this twin
replays journals on the server and is held to the same cases. Names and codes are the table's.
"""

from collections.abc import Callable
from typing import Literal

from scorm_runtime.core.cmi.model import Answer, DataModel

State = Literal["not initialized", "running", "finished"]
LONGEST_TEXT = 255
"""Of what GetErrorString and GetDiagnostic answer."""


class Api:
    """One communication session of one SCO."""

    def __init__(self, model: DataModel, state: State = "not initialized") -> None:
        self.model = model
        self.state: State = state
        self.last = Answer()

    def initialize(self, argument: str = "") -> str:
        """Initialize.

        A session that runs cannot begin again. After the end the books want a new launch (strict);
        leniently SCORM 1.2 content may begin anew, because content that opens its window again
        has no other way.
        """
        if argument != "":
            return self._done(_ARGUMENT)
        again = self.state == "finished" and self.model.table.relaunch and not self.model.strict
        if self.state != "not initialized" and not again:
            return self._done(self._refuse_state("initialize"))
        self.state = "running"
        return self._done(Answer())

    def finish(self, argument: str = "") -> str:
        """Finish, Terminate."""
        refused = self._refuse_call("finish", argument)
        if refused:
            return self._done(refused)
        self.state = "finished"
        return self._done(Answer())

    def commit(self, argument: str = "") -> str:
        """Commit."""
        return self._done(self._refuse_call("commit", argument) or Answer())

    def get_value(self, name: str) -> str:
        """GetValue; answers "" with every error."""
        self.last = self._refuse_call("get") or self.model.get(name)
        return self.last.value if self.last.code == "0" else ""

    def set_value(self, name: str, value: str) -> str:
        """SetValue."""
        return self._done(self._refuse_call("set") or self.model.set(name, value))

    def get_last_error(self) -> str:
        """GetLastError: the code of the last of the five calls above."""
        return self.last.code

    def get_error_string(self, code: str) -> str:
        """GetErrorString: the text of `code`, "" for a code that does not exist."""
        return self.model.table.errors.get(code, "")

    def get_diagnostic(self, code: str) -> str:
        """GetDiagnostic: for "" or the last error's code what was wrong, else the text."""
        if code in ("", self.last.code):
            text = self.last.remark or self.get_error_string(self.last.code)
            return text[:LONGEST_TEXT]
        return self.get_error_string(code)

    def call(self, function: str, *arguments: str) -> str:
        """Call by the name that content uses: "LMSSetValue", "SetValue"."""
        operation = next(op for op, name in self.model.table.functions.items() if name == function)
        return _OPERATIONS[operation](self, *arguments)

    def _refuse_state(self, operation: str) -> Answer:
        code = self.model.table.states[operation][self.state]
        return Answer(code, remark=f"the session is {self.state}")

    def _refuse_call(self, operation: str, argument: str = "") -> Answer | None:
        if self.state != "running":
            return self._refuse_state(operation)
        return _ARGUMENT if argument != "" else None

    def _done(self, answer: Answer) -> str:
        self.last = answer
        return "true" if answer.code == "0" else "false"


class Api12(Api):
    """SCORM 1.2: what content finds as `window.API`."""


class Api2004(Api):
    """SCORM 2004: what content finds as `window.API_1484_11`."""


_ARGUMENT = Answer("201", remark="the argument must be an empty string")
_OPERATIONS: dict[str, Callable[..., str]] = {
    "initialize": Api.initialize,
    "finish": Api.finish,
    "get": Api.get_value,
    "set": Api.set_value,
    "commit": Api.commit,
    "error": Api.get_last_error,
    "text": Api.get_error_string,
    "diagnostic": Api.get_diagnostic,
}
