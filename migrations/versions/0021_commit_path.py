"""Commits of the players, and what follows from them, in few round trips: one function reads what a
step needs, one writes what it came to; rows that change often stay where they are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.rls import APPLICATION_ROLE

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

PLAYED = """
CREATE FUNCTION attempt_played(wanted_package uuid, wanted_version uuid, named_version uuid)
RETURNS json LANGUAGE plpgsql STABLE AS $$
-- What is attempted: the package as far as playing it goes, the version without its manifest, and
-- whether a further attempt would have something to play (scorm_runtime/services/held.py).
BEGIN
    RETURN (
        SELECT json_build_object(
            'title', package.title,
            'key', package.key,
            'settings', package.settings,
            'version_id', version.id,
            'standard', version.standard,
            'edition', version.schema_version,
            'is_playable', version.playable,
            'read_by', version.read_by,
            'storage_prefix', version.storage_prefix,
            'offers_another', COALESCE((
                SELECT further.playable FROM package_version further
                    WHERE further.id = COALESCE(named_version, package.current_version_id)
            ), false)
        )
            FROM package JOIN package_version version ON version.id = wanted_version
            WHERE package.id = wanted_package
    );
END
$$
"""
ENTER = """
CREATE FUNCTION attempt_enter(wanted uuid) RETURNS text LANGUAGE plpgsql AS $$
-- The attempt, locked until the transaction ends, with what is attempted and what its SCOs keep, as
-- JSON; null when there is none (scorm_runtime/services/entrance.py).
DECLARE
    own attempt;
BEGIN
    -- Not FOR UPDATE, which would also keep rows away that only refer to it.
    SELECT * INTO own FROM attempt WHERE id = wanted FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    -- A statement of its own sees what whoever held the lock before has committed.
    RETURN json_build_object(
        'attempt', own,
        'played', attempt_played(own.package_id, own.package_version_id, own.named_version_id),
        'scos', (SELECT json_agg(sco) FROM attempt_sco sco WHERE sco.attempt_id = wanted)
    );
END
$$
"""
STORE = """
CREATE FUNCTION attempt_store(wanted uuid, said jsonb) RETURNS void LANGUAGE plpgsql AS $$
-- What came of a request about an attempt that this transaction has locked
-- (scorm_runtime/services/attempt_rows.py): {"attempt": all that a request may change, "large":
-- what is only said where it did change, "scos": those that changed, "log": rows of the call log}.
BEGIN
    UPDATE attempt SET
        state = new.state, writer = new.writer, applied_entry = new.applied_entry,
        last_commit_number = new.last_commit_number, last_remarks = new.last_remarks,
        last_navigation = new.last_navigation, delivery = new.delivery,
        current_item = new.current_item, completion = new.completion, success = new.success,
        score_scaled = new.score_scaled, score_raw = new.score_raw, score_min = new.score_min,
        score_max = new.score_max, total_seconds = new.total_seconds, reported = new.reported,
        logged_on = new.logged_on, logged_size = new.logged_size, launched_at = new.launched_at,
        last_active_at = new.last_active_at, completed_at = new.completed_at,
        sequencing = COALESCE(said #> '{large,sequencing}', attempt.sequencing),
        nav = COALESCE(said #> '{large,nav}', attempt.nav)
        FROM jsonb_to_record(said -> 'attempt') AS new(
            state text, writer int, applied_entry int, last_commit_number int, last_remarks jsonb,
            last_navigation jsonb, delivery int, current_item text, completion text, success text,
            score_scaled float, score_raw float, score_min float, score_max float,
            total_seconds float, reported jsonb, logged_on date, logged_size int,
            launched_at timestamptz, last_active_at timestamptz, completed_at timestamptz
        )
        WHERE attempt.id = wanted;
    INSERT INTO attempt_sco (
        id, attempt_id, item, cmi, session, sessions, last_exit, status_set, completion, success,
        total_seconds, run_state
    )
        SELECT new.id, wanted, new.item, new.cmi, new.session, new.sessions, new.last_exit,
            new.status_set, new.completion, new.success, new.total_seconds, new.run_state
            FROM jsonb_to_recordset(said -> 'scos') AS new(
                id uuid, item text, cmi jsonb, session text, sessions int, last_exit text,
                status_set boolean, completion text, success text, total_seconds float,
                run_state jsonb
            )
        ON CONFLICT (attempt_id, item) DO UPDATE SET
            cmi = excluded.cmi, session = excluded.session, sessions = excluded.sessions,
            last_exit = excluded.last_exit, status_set = excluded.status_set,
            completion = excluded.completion, success = excluded.success,
            total_seconds = excluded.total_seconds, run_state = excluded.run_state;
    INSERT INTO commit_log (
        id, attempt_id, kind, writer, number, first_entry, entries, remarks, decisions, calls,
        launch_ref, item
    )
        SELECT new.id, wanted, new.kind, new.writer, new.number, new.first_entry, new.entries,
            new.remarks, new.decisions, new.calls, new.launch_ref, new.item
            FROM jsonb_to_recordset(said -> 'log') AS new(
                id uuid, kind text, writer int, number int, first_entry int, entries jsonb,
                remarks jsonb, decisions jsonb, calls jsonb, launch_ref text, item text
            )
        ON CONFLICT DO NOTHING;
END
$$
"""
GLOBALS = """
CREATE FUNCTION learner_globals(wanted uuid, locks boolean) RETURNS text LANGUAGE plpgsql AS $$
-- What a learner carries from course to course, as JSON; with `locks` nobody else may take it under
-- lock until the transaction ends (scorm_runtime/services/learner_globals.py).
BEGIN
    IF locks THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('learner_global:' || wanted::text, 0));
    END IF;
    RETURN (
        SELECT json_agg(json_build_array(kind, key, value))
            FROM learner_global WHERE user_id = wanted
    );
END
$$
"""
PLAYER_DOOR = """
CREATE FUNCTION player_door(person uuid, wanted_launch uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
-- Whether a person, and where they came by a launch their platform, may still come in
-- (lti_app/services/player_doors.py).
BEGIN
    PERFORM FROM app_user JOIN tenant ON tenant.id = app_user.tenant_id
        WHERE app_user.id = person AND app_user.is_active AND tenant.is_active;
    IF NOT FOUND OR wanted_launch IS NULL THEN
        RETURN FOUND;
    END IF;
    PERFORM FROM launch
        JOIN registration ON registration.id = launch.registration_id
        LEFT JOIN deployment ON deployment.id = launch.deployment_id
        WHERE launch.id = wanted_launch AND launch.user_id = person
            AND registration.is_active AND deployment.state IS DISTINCT FROM 'disabled';
    RETURN FOUND;
END
$$
"""
PLAYER_CHIP = """
CREATE FUNCTION player_chip(person uuid, wanted_launch uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
-- What became of the grade of somebody who came by a launch, as JSON; null where the launch led to
-- no link (lti_app/services/player_doors.py).
BEGIN
    RETURN (
        SELECT json_build_object(
            'role', launch.role,
            'is_test_user', launch.is_test_user,
            'has_line_item', link.line_item_url IS NOT NULL,
            'is_final', COALESCE(grade.is_final, false),
            'state', newest.state,
            'reason', newest.reason
        )
            FROM launch
            JOIN resource_link link ON link.id = launch.resource_link_id
            LEFT JOIN grade ON grade.resource_link_id = link.id AND grade.user_id = person
            LEFT JOIN LATERAL (
                SELECT passback.state, passback.reason FROM passback
                    WHERE passback.grade_id = grade.id AND passback.state <> 'superseded'
                    ORDER BY passback.id DESC LIMIT 1
            ) newest ON true
            WHERE launch.id = wanted_launch
    );
END
$$
"""
GRADE_ENTER = """
CREATE FUNCTION grade_enter(
    person uuid, link uuid, place text, kind text, item uuid, this_attempt uuid
) RETURNS text LANGUAGE plpgsql AS $$
-- The grade of a person in a place, locked until the transaction ends, and for a package what else
-- counts towards it, as JSON (lti_app/services/grade_rows.py).
DECLARE
    own grade;
    is_there boolean;
BEGIN
    IF link IS NOT NULL THEN
        SELECT * INTO own FROM grade
            WHERE resource_link_id = link AND user_id = person FOR NO KEY UPDATE;
    ELSE
        SELECT * INTO own FROM grade
            WHERE resource_link_id IS NULL AND user_id = person AND context_key = place
                AND item_type = kind AND item_id = item FOR NO KEY UPDATE;
    END IF;
    is_there := FOUND;
    IF kind <> 'package' THEN
        RETURN json_build_object('grade', CASE WHEN is_there THEN to_json(own) END);
    END IF;
    -- A statement of its own sees what whoever held the lock before has committed.
    RETURN json_build_object(
        'grade', CASE WHEN is_there THEN to_json(own) END,
        'settings', (SELECT settings FROM package WHERE id = item),
        'others', (
            SELECT json_agg(json_build_object(
                'id', id, 'number', number, 'completion', completion, 'success', success,
                'score_scaled', score_scaled, 'score_raw', score_raw,
                'score_min', score_min, 'score_max', score_max
            ))
                FROM attempt
                WHERE user_id = person AND package_id = item AND context_key = place
                    AND id <> this_attempt AND mode = 'normal' AND state <> 'new'
        )
    );
END
$$
"""
GRADE_STORE = """
CREATE FUNCTION grade_store(said jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
-- A grade that is new, or one that is locked, as it is now, and the row of its history. False, and
-- nothing written, where somebody else has made it meanwhile (lti_app/services/grade_rows.py).
DECLARE
    new grade := jsonb_populate_record(NULL::grade, said -> 'grade');
BEGIN
    IF said ->> 'is_new' = 'true' THEN
        INSERT INTO grade (
            id, user_id, resource_link_id, context_key, item_type, item_id, attempt_id,
            attempt_number, title, role, is_final, score, is_pending_manual, completion, success,
            graded_at
        )
            VALUES (
                new.id, new.user_id, new.resource_link_id, new.context_key, new.item_type,
                new.item_id, new.attempt_id, new.attempt_number, new.title, new.role, new.is_final,
                new.score, new.is_pending_manual, new.completion, new.success, new.graded_at
            )
            ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RETURN false;
        END IF;
    ELSE
        UPDATE grade SET
            item_type = new.item_type, item_id = new.item_id, attempt_id = new.attempt_id,
            attempt_number = new.attempt_number, title = new.title, role = new.role,
            is_final = new.is_final, score = new.score, completion = new.completion,
            is_pending_manual = new.is_pending_manual, success = new.success,
            graded_at = new.graded_at
            WHERE grade.id = new.id;
    END IF;
    INSERT INTO grade_change (
        id, grade_id, attempt_id, revision, is_final, score, completion, success
    )
        SELECT id, new.id, attempt_id, revision, new.is_final, new.score, new.completion,
            new.success
            FROM jsonb_to_record(said -> 'change') AS change(
                id uuid, attempt_id uuid, revision int
            );
    RETURN true;
END
$$
"""
ACTOR = """
CREATE FUNCTION statement_actor(person uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
-- Who a person is in statements, and the store of them, as JSON (lti_app/services/statements.py).
BEGIN
    RETURN (
        SELECT json_build_object(
            'display_name', app_user.display_name,
            'issuer', known.issuer,
            'subject', known.subject,
            'store', (SELECT id FROM lrs_store WHERE slug = 'default')
        )
            FROM app_user LEFT JOIN LATERAL (
                SELECT issuer, subject FROM lti_identity WHERE user_id = person ORDER BY id LIMIT 1
            ) known ON true
            WHERE app_user.id = person
    );
END
$$
"""
# All in plpgsql, which keeps plans with the connection; functions in plain SQL are planned anew.
FUNCTIONS = {
    "attempt_played(uuid, uuid, uuid)": PLAYED,
    "attempt_enter(uuid)": ENTER,
    "attempt_store(uuid, jsonb)": STORE,
    "learner_globals(uuid, boolean)": GLOBALS,
    "player_door(uuid, uuid)": PLAYER_DOOR,
    "player_chip(uuid, uuid)": PLAYER_CHIP,
    "grade_enter(uuid, uuid, text, text, uuid, uuid)": GRADE_ENTER,
    "grade_store(jsonb)": GRADE_STORE,
    "statement_actor(uuid)": ACTOR,
}
OFTEN_CHANGED = ("attempt", "attempt_sco")


def upgrade() -> None:
    op.add_column("attempt", sa.Column("nav", postgresql.JSONB()))
    op.add_column("attempt", sa.Column("last_remarks", postgresql.JSONB()))
    # A commit repeated across the upgrade is answered as before, but for its remarks.
    op.drop_column("attempt", "last_answer")
    # An index on what every commit changes would cost each of them an entry in all the others.
    op.drop_index("ix_attempt_user_id_last_active_at", "attempt")
    for table in OFTEN_CHANGED:  # room for the next version of a row in its own page
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 70)")
    for name, body in FUNCTIONS.items():
        op.execute(body)
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {APPLICATION_ROLE}")


def downgrade() -> None:
    for name in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {name}")
    for table in OFTEN_CHANGED:
        op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
    op.create_index("ix_attempt_user_id_last_active_at", "attempt", ["user_id", "last_active_at"])
    op.add_column("attempt", sa.Column("last_answer", postgresql.JSONB()))
    op.drop_column("attempt", "last_remarks")
    op.drop_column("attempt", "nav")
