"""Who may sign for a service, agree to a plan, or speak as the trainee; what an agreement fixes."""

from django.db import migrations

from portfolio.triggers import HEEDED

ROLES = """
CREATE OR REPLACE FUNCTION palmappen_holds_role(
    person bigint, act_role text, for_training bigint, on_day date
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
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
    ELSIF act_role IN ('department_head', 'education_lead') THEN
        RETURN EXISTS (
            SELECT 1 FROM portfolio_placement AS placement
             WHERE placement.training_id = for_training
               AND palmappen_in_force(placement.starts_on, placement.ends_on, on_day)
               AND palmappen_holds_role_at(person, act_role, placement.department_id, on_day));
    ELSIF act_role = 'program_leader' THEN
        RETURN EXISTS (
            SELECT 1
              FROM portfolio_training AS training
              JOIN institutions_cohortmembership AS member ON member.user_id = training.trainee_id
              JOIN institutions_cohortleadership AS leader ON leader.cohort_id = member.cohort_id
             WHERE training.id = for_training AND leader.user_id = person
               AND palmappen_in_force(member.starts_on, member.ends_on, on_day)
               AND palmappen_in_force(leader.starts_on, leader.ends_on, on_day));
    END IF;
    RETURN false;
END $$;

CREATE FUNCTION palmappen_holds_role_at(
    person bigint, act_role text, at_department bigint, on_day date
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1
          FROM institutions_roleassignment AS assignment
          JOIN institutions_department AS department ON department.id = at_department
         WHERE assignment.user_id = person AND assignment.role = act_role
           AND palmappen_in_force(assignment.starts_on, assignment.ends_on, on_day)
           AND (assignment.department_id = department.id
                OR assignment.institution_id = department.institution_id))
$$;

-- The trainee speaks for themselves; everybody else in a role that they hold that day.
CREATE FUNCTION palmappen_require_party(
    person bigint, act_role text, for_training bigint, on_day date
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF act_role = 'trainee' THEN
        IF NOT EXISTS (SELECT 1 FROM portfolio_training
                        WHERE id = for_training AND trainee_id = person) THEN
            PERFORM palmappen_refuse('only the trainee speaks as the trainee');
        END IF;
    ELSE
        PERFORM palmappen_require_role(person, act_role, for_training, on_day);
    END IF;
END $$;
"""

SERVICE = """
CREATE FUNCTION palmappen_training_of_placement(this_placement bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT training_id FROM portfolio_placement WHERE id = this_placement
$$;

CREATE FUNCTION palmappen_require_role_at_placement(
    person bigint, act_role text, this_placement bigint, on_day date
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM palmappen_forbid_self(person, palmappen_training_of_placement(this_placement));
    IF NOT palmappen_holds_role_at(
        person, act_role,
        (SELECT department_id FROM portfolio_placement WHERE id = this_placement), on_day
    ) THEN
        PERFORM palmappen_refuse(
            'the role ' || act_role || ' is not held there on ' || on_day);
    END IF;
END $$;

CREATE FUNCTION palmappen_require_second_signer(this_attestation bigint, person bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM portfolio_serviceattestation
                WHERE id = this_attestation AND actor_id = person) THEN
        PERFORM palmappen_refuse('the second signature is another person''s');
    END IF;
    IF EXISTS (
        SELECT 1
          FROM portfolio_serviceattestation AS signed
          JOIN portfolio_serviceattestation AS later
            ON later.placement_id = signed.placement_id AND later.id > signed.id
         WHERE signed.id = this_attestation
    ) THEN
        PERFORM palmappen_refuse('a later attestation stands');
    END IF;
END $$;
"""

PLANS = """
CREATE FUNCTION palmappen_require_unagreed(this_plan bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('portfolio_plan', this_plan));
    IF EXISTS (SELECT 1 FROM portfolio_planagreement WHERE plan_id = this_plan) THEN
        PERFORM palmappen_refuse('somebody has agreed to the plan: a change is a new revision');
    END IF;
END $$;

CREATE FUNCTION palmappen_require_plan_party(this_plan bigint, act_role text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('portfolio_plan', this_plan));
    IF NOT EXISTS (
        SELECT 1 FROM portfolio_plan AS plan
         WHERE plan.id = this_plan
           AND (act_role = 'trainee'
                OR (plan.kind = 'individual' AND act_role = 'educational_supervisor')
                OR (plan.kind = 'implementation' AND act_role = 'department_head'))
    ) THEN
        PERFORM palmappen_refuse('the plan is not agreed with a ' || act_role);
    END IF;
END $$;
"""

RIGHTS = """
DO $$
DECLARE
    evidence text;
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'palmappen_app') THEN
        FOREACH evidence IN ARRAY ARRAY[
            'portfolio_serviceattestation', 'portfolio_attestationcountersignature',
            'portfolio_documentconfirmation', 'portfolio_courseattendance',
            'portfolio_planagreement', 'portfolio_pathwaymove', 'portfolio_submission'
        ] LOOP
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM palmappen_app', evidence);
        END LOOP;
        REVOKE DELETE, TRUNCATE ON portfolio_document FROM palmappen_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0006_service_plans_courses_application")]

    operations = [migrations.RunSQL(sql) for sql in (ROLES, SERVICE, PLANS, RIGHTS, HEEDED)]
