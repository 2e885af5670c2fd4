"""Forgetting a person: his records go, or go on under a name that says nothing.

    subject = describe_subject([{"mbox": "mailto:ada@example.com"}, {"account": {…}}])
    report = forget_person(open_session, store, subject, mode=Mode.PSEUDONYMISE,
                           stand_in=make_stand_in(f"{app_url}/pseudonyms", "p-3f9c…"),
                           progress=lambda done, total: ...)

What becomes of which statement is the table of core/erasure.py. Statements stay findable: all that
finds them is rewritten with them. State and agent profiles are deleted in both modes, because no
one can take a name out of somebody else's octets; so are refused requests in the log in which he
stands, and the data of attachments that only his own statements bring.

Each batch is a transaction: a job that died is run once more, with the same stand-in, and finds
what is left. What this cannot reach: activity profiles, and texts in other people's statements in
which he is spoken of. Texts in the statements that were changed are looked through; `left_in_text`
tells in how many an identifier of his still stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import identify
from xapi_lrs.core.attachment import attachments_of
from xapi_lrs.core.erasure import (
    Mode,
    Subject,
    Verdict,
    judge,
    mentioned_in_text,
    replace_authority,
)
from xapi_lrs.core.parties import principals
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.references import agent_key
from xapi_lrs.core.strict_json import dump_json, load_json
from xapi_lrs.models.store import Store
from xapi_lrs.services.erasure_belongings import (
    Use,
    delete_documents_of,
    delete_rejections_of,
    find_unused,
    forget_uses,
)
from xapi_lrs.services.erasure_rows import (
    change_authorities,
    change_statements,
    count_mentions,
    delete_statements,
    find_mentions,
    move_references,
)
from xapi_lrs.services.exports import OpenSession, Progress

BATCH = 200
"""Statements of one transaction."""

MOST_EXAMPLES = 100


@dataclass(slots=True)
class ErasureReport:
    """What was done; of a dry run: what would be."""

    mode: Mode
    dry_run: bool
    statements_deleted: int = 0
    statements_changed: int = 0
    authorities_changed: int = 0
    """However many statements they vouch for."""
    signatures_removed: int = 0
    """They signed what the statements said before."""
    files_deleted: int = 0
    """Data of attachments, signatures included."""
    documents_deleted: int = 0
    rejections_deleted: int = 0
    left_in_text: int = 0
    """Changed statements in whose texts an identifier of his still stands: somebody should look."""
    left_in: list[UUID] = field(default_factory=list)
    """Ids of the first MOST_EXAMPLES of these."""


def forget_person(
    open_session: OpenSession,
    store: Store,
    subject: Subject,
    *,
    mode: Mode,
    stand_in: JsonObject,
    progress: Progress = lambda done, total: None,
    dry_run: bool = False,
    keep_files: bool = False,
) -> ErasureReport:
    """Erase or pseudonymise `subject` in a store.

    stand_in: core/erasure.py make_stand_in; the same again when a run is repeated. keep_files: the
    data of attachments of statements that stay is kept; signatures go all the same. progress:
    statements looked at, and how many mention him.
    """
    run = _Run(store.id, subject, mode, stand_in, dry_run, keep_files)
    with open_session() as session:
        total = count_mentions(session, store.id, run.keys)
    done, after = 0, -1
    progress(done, total)
    while True:
        with open_session() as session:
            rows = find_mentions(session, store.id, run.keys, after, BATCH)
            run.take(session, rows)
        if not rows:
            break
        done, after = done + len(rows), rows[-1].sequence
        progress(done, max(total, done))
    with open_session() as session:
        run.take_belongings(session)
    more = not dry_run
    while more:
        with open_session() as session:
            more = move_references(session, store.id, run.keys, run.new_key) > 0
    return run.report


class _Run:
    """One person, one store: what is known from the start, and the report as it grows."""

    def __init__(
        self,
        store_id: UUID,
        subject: Subject,
        mode: Mode,
        stand_in: JsonObject,
        dry_run: bool,
        keep_files: bool,
    ) -> None:
        self.store_id, self.subject, self.mode = store_id, subject, mode
        self.stand_in, self.dry_run, self.keep_files = stand_in, dry_run, keep_files
        self.keys = [agent_key(identity) for identity in subject.identities]
        self.uses: set[Use] = set()
        """Of a dry run, which has to see all of them before it can tell what nothing else uses."""
        self.report = ErasureReport(mode, dry_run)

    @property
    def new_key(self) -> UUID | None:
        """What finds the stand-in; erased people are not found by anything."""
        identity = identify(self.stand_in)
        return agent_key(identity) if identity and self.mode is Mode.PSEUDONYMISE else None

    def take(self, session: Session, rows: Sequence[Row[Any]]) -> None:
        """One batch of statements."""
        changes, gone, uses = [], [], set[Use]()
        for row in rows:
            before = load_json(row.body)
            verdict = judge(before, self.subject, self.mode, self.stand_in)
            self.report.signatures_removed += len(verdict.signatures)
            uses |= {(sha2, row.statement_id) for sha2 in self._dropped(before, verdict)}
            if verdict.statement is None:
                gone.append(row)
            elif verdict.statement != before:
                changes.append((row, verdict.statement))
                self._note_text(row.statement_id, verdict.statement)
        self.report.statements_deleted += len(gone)
        self.report.statements_changed += len(changes)
        if self.dry_run:
            self.uses |= uses
            return
        change_statements(session, self.store_id, changes)
        delete_statements(session, self.store_id, gone)
        self.report.files_deleted += forget_uses(session, self.store_id, uses)

    def take_belongings(self, session: Session) -> None:
        """All that is no statement."""
        report, store_id, dry_run = self.report, self.store_id, self.dry_run
        if dry_run:
            hashes = {sha2 for sha2, _ in self.uses}
            report.files_deleted = len(find_unused(session, store_id, self.uses, hashes))
        report.documents_deleted = delete_documents_of(
            session, store_id, self.keys, dry_run=dry_run
        )
        report.rejections_deleted = delete_rejections_of(
            session, store_id, self.subject, dry_run=dry_run
        )
        report.authorities_changed = change_authorities(
            session, store_id, self.keys, self._change_authority, dry_run=dry_run
        )

    def _change_authority(self, authority: JsonObject) -> JsonObject:
        return replace_authority(authority, self.subject, self.stand_in)

    def _dropped(self, before: JsonObject, verdict: Verdict) -> set[str]:
        """sha2 of the data that a statement brings no more: all that his own ones did, and the
        signatures of others."""
        his = any(map(self.subject.is_party, principals(before)))
        if verdict.statement is None or (his and not self.keep_files):
            return {one["sha2"].lower() for one in attachments_of(before)}
        return set(verdict.signatures)

    def _note_text(self, statement_id: UUID, statement: JsonObject) -> None:
        if mentioned_in_text(dump_json(statement), self.subject):
            self.report.left_in_text += 1
            if len(self.report.left_in) < MOST_EXAMPLES:
                self.report.left_in.append(statement_id)
