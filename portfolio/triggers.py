"""The database's own guards, declared beside the models they protect.

The functions they call (`palmappen_now`, `palmappen_require_role` …) stand in the migration
`portfolio.0002_guards`. A trigger is the second lock: the first is that the application's role
lacks the right (config/roles.sql). See docs/operations.md.

A migration that adds or changes a trigger ends with `migrations.RunSQL(triggers.HEEDED)`.
"""

import pgtrigger


def append_only() -> list[pgtrigger.Trigger]:
    """Rows are added and read, never changed or removed."""
    return [
        pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            operation=pgtrigger.Truncate,
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            func="PERFORM palmappen_refuse('evidence is never emptied'); RETURN NULL;",
        ),
    ]


def signed_act(training_sql: str) -> pgtrigger.Trigger:
    """The database sets the time, and refuses an act for oneself or in a role not held that day.

    `training_sql` is an SQL expression over NEW that gives the training's id.
    """
    return pgtrigger.Trigger(
        name="a_signed_act",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=f"""
            NEW.acted_at := palmappen_now();
            PERFORM palmappen_require_role(
                NEW.actor_id, NEW.actor_role, {training_sql}, palmappen_day(NEW.acted_at)
            );
            RETURN NEW;
        """,
    )


def party_act(training_sql: str) -> pgtrigger.Trigger:
    """As `signed_act`, for what the trainee too puts their name to: then it must be the trainee."""
    return pgtrigger.Trigger(
        name="a_party_act",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=f"""
            NEW.acted_at := palmappen_now();
            PERFORM palmappen_require_party(
                NEW.actor_id, NEW.actor_role, {training_sql}, palmappen_day(NEW.acted_at)
            );
            RETURN NEW;
        """,
    )


def act_for_placement(placement_sql: str, role: str) -> pgtrigger.Trigger:
    """Signed in `role` at the placement's department, held that day; the service may be over."""
    return pgtrigger.Trigger(
        name="a_act_for_placement",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=f"""
            NEW.acted_at := palmappen_now();
            IF NEW.actor_role <> '{role}' THEN
                PERFORM palmappen_refuse('signed in another role than {role}');
            END IF;
            PERFORM palmappen_require_role_at_placement(
                NEW.actor_id, NEW.actor_role, {placement_sql}, palmappen_day(NEW.acted_at)
            );
            RETURN NEW;
        """,
    )


def check_on_insert(name: str, call: str) -> pgtrigger.Trigger:
    """Calls a guard function with the new row; the function raises what is wrong."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=f"PERFORM {call}; RETURN NEW;",
    )


def check_on_write(name: str, call: str) -> pgtrigger.Trigger:
    """The same for inserts and updates."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        func=f"PERFORM {call}; RETURN NEW;",
    )


def fixed_when_sent() -> pgtrigger.Trigger:
    """What hangs on an activity can be changed only while the activity itself can."""
    return pgtrigger.Trigger(
        name="fixed_when_sent",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func="""
            PERFORM palmappen_require_unsent(coalesce(NEW.activity_id, OLD.activity_id));
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,
    )


# Two ways past a trigger that any role has: pgtrigger lets a session name triggers to skip
# (`SET pgtrigger.ignore`), and a temporary table stands before one of ours of the same name.
# pgtrigger makes both functions anew with every trigger it installs.
HEEDED = """
CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name NAME)
RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';

DO $$
DECLARE
    guard regprocedure;
BEGIN
    FOR guard IN
        SELECT oid FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND provolatile <> 'i'
           AND (starts_with(proname, 'palmappen_') OR starts_with(proname, 'pgtrigger_'))
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', guard);
    END LOOP;
END $$;
"""

CHAIN_EVENT = pgtrigger.Trigger(
    name="chain",
    operation=pgtrigger.Insert,
    when=pgtrigger.Before,
    func="""
        PERFORM pg_advisory_xact_lock(hashtextextended('portfolio_event', NEW.training_id));
        SELECT event.sequence, event.hash INTO NEW.sequence, NEW.previous_hash
          FROM portfolio_event AS event
         WHERE event.training_id = NEW.training_id
         ORDER BY event.sequence DESC
         LIMIT 1;
        NEW.sequence := coalesce(NEW.sequence, 0) + 1;
        NEW.previous_hash := coalesce(NEW.previous_hash, repeat('0', 64));
        NEW.acted_at := palmappen_now();
        NEW.hashed_as := NULL;
        NEW.digest := palmappen_sha256(NEW.salt || NEW.content);
        NEW.hash := palmappen_event_hash(NEW);
        RETURN NEW;
    """,
)
