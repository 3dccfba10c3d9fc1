"""The database's last guards: its clock, who holds which role, §26, and the ledger's chain.

The triggers beside the models call these functions (portfolio/triggers.py). Errors are raised as
check violations, so that Django meets an IntegrityError. Day means the calendar day in Oslo.
"""

from django.db import migrations

INSTALLATION = """
CREATE TABLE portfolio_installation (
    id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    mode text NOT NULL DEFAULT 'production' CHECK (mode IN ('production', 'demo', 'test'))
);
INSERT INTO portfolio_installation DEFAULT VALUES;
"""

CLOCK = """
CREATE FUNCTION palmappen_now() RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    set_time text := current_setting('palmappen.now', true);
BEGIN
    -- Demo history is spread over years. Only the owner, in a marked installation, moves the clock.
    IF coalesce(set_time, '') <> ''
       AND session_user = (SELECT tableowner FROM pg_tables
                            WHERE schemaname = current_schema() AND tablename = 'portfolio_event')
       AND (SELECT mode FROM portfolio_installation) IN ('demo', 'test')
    THEN
        RETURN set_time::timestamptz;
    END IF;
    RETURN clock_timestamp();
END $$;

CREATE FUNCTION palmappen_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (moment AT TIME ZONE 'Europe/Oslo')::date
$$;

CREATE FUNCTION palmappen_refuse(reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'palmappen: %', reason USING ERRCODE = 'check_violation';
END $$;
"""

ROLES = """
CREATE FUNCTION palmappen_in_force(starts_on date, ends_on date, on_day date) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT starts_on <= on_day AND (ends_on IS NULL OR ends_on >= on_day)
$$;

CREATE FUNCTION palmappen_holds_role(person bigint, act_role text, for_training bigint, on_day date)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF act_role = 'educational_supervisor' THEN
        RETURN EXISTS (
            SELECT 1 FROM portfolio_educationalsupervision AS supervision
             WHERE supervision.training_id = for_training AND supervision.supervisor_id = person
               AND palmappen_in_force(supervision.starts_on, supervision.ends_on, on_day));
    ELSIF act_role = 'clinical_supervisor' THEN
        RETURN EXISTS (
            SELECT 1 FROM institutions_roleassignment AS assignment
             WHERE assignment.user_id = person AND assignment.role = act_role
               AND palmappen_in_force(assignment.starts_on, assignment.ends_on, on_day));
    ELSIF act_role = 'department_head' THEN
        RETURN EXISTS (
            SELECT 1
              FROM institutions_roleassignment AS assignment
              JOIN portfolio_placement AS placement ON placement.training_id = for_training
              JOIN institutions_department AS department ON department.id = placement.department_id
             WHERE assignment.user_id = person AND assignment.role = act_role
               AND palmappen_in_force(assignment.starts_on, assignment.ends_on, on_day)
               AND palmappen_in_force(placement.starts_on, placement.ends_on, on_day)
               AND (assignment.department_id = department.id
                    OR assignment.institution_id = department.institution_id));
    END IF;
    RETURN false;
END $$;

CREATE FUNCTION palmappen_forbid_self(person bigint, for_training bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM portfolio_training WHERE id = for_training AND trainee_id = person) THEN
        PERFORM palmappen_refuse('nobody acts for themselves');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_role(
    person bigint, act_role text, for_training bigint, on_day date
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM palmappen_forbid_self(person, for_training);
    IF NOT palmappen_holds_role(person, act_role, for_training, on_day) THEN
        PERFORM palmappen_refuse('the role ' || act_role || ' is not held on ' || on_day);
    END IF;
END $$;
"""

EVIDENCE = """
CREATE FUNCTION palmappen_require_room(
    this_placement bigint, for_training bigint, this_percent integer, first_day date, last_day date
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    worst bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('portfolio_placement', for_training));
    -- The sum is highest on the first day of some overlapping placement, or of this one.
    WITH others AS (
        SELECT starts_on, ends_on, percent FROM portfolio_placement
         WHERE training_id = for_training AND id IS DISTINCT FROM this_placement
           AND daterange(starts_on, ends_on, '[]') && daterange(first_day, last_day, '[]')
    ), days AS (
        SELECT first_day AS day UNION SELECT greatest(starts_on, first_day) FROM others
    )
    SELECT max((SELECT coalesce(sum(percent), 0) FROM others
                 WHERE palmappen_in_force(starts_on, ends_on, days.day)))
      INTO worst FROM days;
    IF worst + this_percent > 100 THEN
        PERFORM palmappen_refuse('placements overlap to more than 100 %');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_goal(this_goal bigint, for_training bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
          FROM curriculum_learninggoal AS goal
          JOIN curriculum_pathwaycurriculum AS link ON link.curriculum_id = goal.curriculum_id
          JOIN portfolio_training AS training ON training.pathway_id = link.pathway_id
         WHERE goal.id = this_goal AND training.id = for_training
    ) THEN
        PERFORM palmappen_refuse('the goal is of another curriculum than the training');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_goal_of_activity(this_goal bigint, this_activity bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM palmappen_require_goal(
        this_goal, (SELECT training_id FROM portfolio_learningactivity WHERE id = this_activity));
END $$;

CREATE FUNCTION palmappen_require_levels(this_goal bigint, levels jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF jsonb_typeof(levels) <> 'object' OR levels = '{}' THEN
        PERFORM palmappen_refuse('an assessment shows at least one level');
    END IF;
    IF EXISTS (SELECT 1 FROM jsonb_each_text(levels) AS shown
                WHERE shown.value NOT IN ('1', '2', '3')) THEN
        PERFORM palmappen_refuse('a level is 1, 2 or 3');
    END IF;
    IF EXISTS (
        SELECT 1 FROM jsonb_object_keys(levels) AS shown(statement_order)
         WHERE shown.statement_order NOT IN (
               SELECT statement."order"::text FROM curriculum_goalstatement AS statement
                WHERE statement.goal_id = this_goal
                UNION ALL
               SELECT '0' WHERE NOT EXISTS (
                   SELECT 1 FROM curriculum_goalstatement WHERE goal_id = this_goal))
    ) THEN
        PERFORM palmappen_refuse('a level belongs to a statement of the goal');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_assessment_subject(assessment portfolio_assessment) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF assessment.request_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM portfolio_assessmentrequest AS request
         WHERE request.id = assessment.request_id
           AND request.training_id = assessment.training_id
           AND request.goal_id = assessment.goal_id
           AND request.asked_of_id = assessment.actor_id
           AND request.activity_id IS NOT DISTINCT FROM assessment.activity_id
           AND request.state = 'open'
    ) THEN
        PERFORM palmappen_refuse('the assessment does not answer an open request of its own');
    END IF;
    IF assessment.activity_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM portfolio_learningactivity AS activity
         WHERE activity.id = assessment.activity_id
           AND activity.training_id = assessment.training_id
           AND activity.state IN ('sent', 'attested')
    ) THEN
        PERFORM palmappen_refuse('the activity is not sent, or belongs to another training');
    END IF;
    IF assessment.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM portfolio_assessment AS corrected
         WHERE corrected.id = assessment.corrects_id
           AND corrected.training_id = assessment.training_id
           AND corrected.goal_id = assessment.goal_id
           AND corrected.actor_id = assessment.actor_id
           AND NOT EXISTS (SELECT 1 FROM portfolio_assessmentretraction AS retraction
                            WHERE retraction.assessment_id = corrected.id)
    ) THEN
        PERFORM palmappen_refuse('a correction is of one''s own standing assessment of the goal');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_retractable(retraction portfolio_assessmentretraction)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM portfolio_assessment AS assessment
         WHERE assessment.id = retraction.assessment_id
           AND assessment.actor_id = retraction.actor_id
           AND assessment.acted_at > retraction.acted_at - interval '15 minutes'
    ) THEN
        PERFORM palmappen_refuse('only the assessor retracts, within 15 minutes');
    END IF;
    IF EXISTS (SELECT 1 FROM portfolio_citedassessment WHERE assessment_id = retraction.assessment_id)
       OR EXISTS (SELECT 1 FROM portfolio_assessment WHERE corrects_id = retraction.assessment_id)
    THEN
        PERFORM palmappen_refuse('a later act builds on the assessment');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_sent(this_activity bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM portfolio_learningactivity
                    WHERE id = this_activity AND state = 'sent') THEN
        PERFORM palmappen_refuse('only a sent activity can be attested');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_attestation(this_activity bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM portfolio_attestation WHERE activity_id = this_activity) THEN
        PERFORM palmappen_refuse('an attested activity has an attestation');
    END IF;
END $$;
"""

GOALS = """
CREATE FUNCTION palmappen_training_of_claim(this_claim bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT progress.training_id
      FROM portfolio_claim AS claim
      JOIN portfolio_goalprogress AS progress ON progress.id = claim.progress_id
     WHERE claim.id = this_claim
$$;

CREATE FUNCTION palmappen_require_decided_pathway(this_progress bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
          FROM portfolio_goalprogress AS progress
          JOIN portfolio_training AS training ON training.id = progress.training_id
          JOIN curriculum_pathway AS pathway ON pathway.id = training.pathway_id
         WHERE progress.id = this_progress AND pathway.decides_goals
    ) THEN
        PERFORM palmappen_refuse('goals of this pathway are a voluntary map');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_open_claim(this_claim bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Held until commit, so that nobody recalls or decides the claim meanwhile.
    PERFORM 1 FROM portfolio_claim WHERE id = this_claim AND state = 'open' FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM palmappen_refuse('the claim is not open');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_citable(this_claim bigint, this_assessment bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM palmappen_require_open_claim(this_claim);
    IF EXISTS (SELECT 1 FROM portfolio_recommendationrequest WHERE claim_id = this_claim)
       OR EXISTS (SELECT 1 FROM portfolio_recommendation WHERE claim_id = this_claim) THEN
        PERFORM palmappen_refuse('the claim''s evidence is fixed once somebody is asked');
    END IF;
    IF NOT EXISTS (
        SELECT 1
          FROM portfolio_claim AS claim
          JOIN portfolio_goalprogress AS progress ON progress.id = claim.progress_id
          JOIN portfolio_assessment AS assessment
            ON assessment.training_id = progress.training_id AND assessment.goal_id = progress.goal_id
         WHERE claim.id = this_claim AND assessment.id = this_assessment
           AND NOT EXISTS (SELECT 1 FROM portfolio_assessmentretraction AS retraction
                            WHERE retraction.assessment_id = assessment.id)
           AND NOT EXISTS (SELECT 1 FROM portfolio_assessment AS correction
                            WHERE correction.corrects_id = assessment.id)
    ) THEN
        PERFORM palmappen_refuse('a claim cites standing assessments of its own goal');
    END IF;
END $$;

-- One row per person and role who has spoken for or against the claim (§26). A ticked assessment
-- that the claim cites counts, unless the person has answered the claim itself.
CREATE FUNCTION palmappen_opinions(this_claim bigint)
RETURNS TABLE (person bigint, in_role text, recommends boolean) LANGUAGE sql STABLE AS $$
    SELECT actor_id, actor_role::text, recommends
      FROM portfolio_recommendation WHERE claim_id = this_claim
    UNION
    SELECT assessment.actor_id, assessment.actor_role::text, true
      FROM portfolio_citedassessment AS citation
      JOIN portfolio_assessment AS assessment ON assessment.id = citation.assessment_id
     WHERE citation.claim_id = this_claim AND assessment.recommends
       AND NOT EXISTS (SELECT 1 FROM portfolio_assessment AS correction
                        WHERE correction.corrects_id = assessment.id)
       AND NOT EXISTS (SELECT 1 FROM portfolio_recommendation AS answer
                        WHERE answer.claim_id = this_claim
                          AND answer.actor_id = assessment.actor_id)
$$;

-- Both have spoken, and they are two people: the head can decide.
CREATE FUNCTION palmappen_is_ready(this_claim bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1
          FROM palmappen_opinions(this_claim) AS guide
          JOIN palmappen_opinions(this_claim) AS clinician ON clinician.person <> guide.person
         WHERE guide.in_role = 'educational_supervisor'
           AND clinician.in_role = 'clinical_supervisor')
$$;

CREATE FUNCTION palmappen_require_recommended(this_claim bigint, outcome text, reason text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT palmappen_is_ready(this_claim) THEN
        PERFORM palmappen_refuse('§26: both recommendations come before the decision');
    END IF;
    IF outcome = 'approved' AND reason = '' AND EXISTS (
        SELECT 1 FROM palmappen_opinions(this_claim) AS opinion WHERE NOT opinion.recommends
    ) THEN
        PERFORM palmappen_refuse('approving against a recommendation takes a reason');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_approval(this_decision bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
          FROM portfolio_decision AS decision
          JOIN portfolio_claim AS claim ON claim.id = decision.claim_id
         WHERE decision.id = this_decision AND decision.outcome = 'approved'
           AND NOT EXISTS (SELECT 1 FROM portfolio_claim AS later
                            WHERE later.progress_id = claim.progress_id
                              AND later.number > claim.number)
    ) THEN
        PERFORM palmappen_refuse('only the latest approval can be withdrawn');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_ground(this_progress bigint, new_state text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    latest record;
BEGIN
    SELECT claim.state AS claim_state, decision.outcome, withdrawal.id AS withdrawn
      INTO latest
      FROM portfolio_claim AS claim
      LEFT JOIN portfolio_decision AS decision ON decision.claim_id = claim.id
      LEFT JOIN portfolio_approvalwithdrawal AS withdrawal ON withdrawal.decision_id = decision.id
     WHERE claim.progress_id = this_progress AND claim.state <> 'recalled'
     ORDER BY claim.number DESC
     LIMIT 1;
    IF new_state = 'claimed' AND latest.claim_state IS DISTINCT FROM 'open' THEN
        PERFORM palmappen_refuse('a claimed goal has an open claim');
    END IF;
    IF new_state IN ('approved', 'returned', 'refused')
       AND (latest.outcome IS DISTINCT FROM new_state OR latest.withdrawn IS NOT NULL) THEN
        PERFORM palmappen_refuse('the goal''s state follows its latest decision');
    END IF;
END $$;
"""

LEDGER = """
CREATE FUNCTION palmappen_sha256(content text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(content, 'UTF8')), 'hex')
$$;

-- The fields in this order, joined by the unit separator; time as microseconds since 1970.
CREATE FUNCTION palmappen_event_hash(event portfolio_event) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT palmappen_sha256(concat_ws(
        E'\\x1f',
        event.previous_hash, event.training_id, event.sequence,
        (extract(epoch FROM event.acted_at) * 1000000)::bigint,
        event.actor_id, event.actor_role, event.verb, event.subject,
        coalesce(event.curriculum_id::text, ''), event.digest
    ))
$$;
"""

# The first lock: the application's role has no right to change evidence, whatever triggers say.
RIGHTS = """
DO $$
DECLARE
    evidence text;
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'palmappen_app') THEN
        FOREACH evidence IN ARRAY ARRAY[
            'portfolio_event', 'portfolio_assessment', 'portfolio_assessmentretraction',
            'portfolio_attestation', 'portfolio_citedassessment', 'portfolio_recommendation',
            'portfolio_decision', 'portfolio_approvalwithdrawal'
        ] LOOP
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM palmappen_app', evidence);
        END LOOP;
        -- Who has opened a portfolio is not evidence, but nobody who opened it may tidy it away.
        REVOKE UPDATE, DELETE, TRUNCATE ON portfolio_opening FROM palmappen_app;
        REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON portfolio_installation FROM palmappen_app;
        GRANT SELECT ON portfolio_installation TO palmappen_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0001_initial")]

    operations = [
        migrations.RunSQL(sql)
        for sql in (INSTALLATION, CLOCK, ROLES, EVIDENCE, GOALS, LEDGER, RIGHTS)
    ]
