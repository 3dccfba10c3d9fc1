#!/bin/sh
# The PostgreSQL container runs this once, on an empty volume, as its superuser.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
    --set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" <<'SQL'
SELECT set_config('palmappen.owner_password', :'owner_password', false),
       set_config('palmappen.app_password', :'app_password', false) \g /dev/null
\i /roles.sql
SQL
