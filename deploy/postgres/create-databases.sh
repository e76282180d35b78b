#!/bin/bash
# Creates a database for each app, with a role that can open no other. Runs once, as the superuser POSTGRES_USER. SECRETS is
# the folder with the passwords of the roles.
set -euo pipefail
secrets=${SECRETS:-/run/secrets/trefoil}
for app in provider backend frontend; do
  name=trefoil_$app
  password=$(cat "$secrets/$app-password")
  psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -v name="$name" -v password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
