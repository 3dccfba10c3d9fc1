-- The two roles and their rights in the current database. Idempotent; run by a superuser, in the
-- database of the application: at demo start, at the container's first start, before the tests.
--
-- palmappen_owner  owns every table and migrates. Nothing that answers requests uses it.
-- palmappen_app    serves requests. Owns nothing, so it can neither lift a trigger nor alter a
--                  table; migrations take UPDATE, DELETE and TRUNCATE on append-only tables from it.
--
-- Passwords: set palmappen.owner_password and palmappen.app_password in the session first; without
-- them the roles keep what they have.

DO $$
DECLARE
    role_name text;
    password text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['palmappen_owner', 'palmappen_app'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I', role_name);
        END IF;
        EXECUTE format(
            'ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS',
            role_name
        );
        password := current_setting(replace(role_name, '_', '.') || '_password', true);
        IF password <> '' THEN
            EXECUTE format('ALTER ROLE %I PASSWORD %L', role_name, password);
        END IF;
    END LOOP;

    EXECUTE format('ALTER DATABASE %I OWNER TO palmappen_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO palmappen_app', current_database());
    -- A temporary table would stand before ours of the same name.
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM palmappen_app', current_database());
END
$$;

CREATE SCHEMA IF NOT EXISTS public;
ALTER SCHEMA public OWNER TO palmappen_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO palmappen_app;

ALTER DEFAULT PRIVILEGES FOR ROLE palmappen_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO palmappen_app;
ALTER DEFAULT PRIVILEGES FOR ROLE palmappen_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO palmappen_app;
