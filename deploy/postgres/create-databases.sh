#!/bin/bash
# Run once, when the cluster is made: a database for each app, with a role that can enter no other.
set -euo pipefail
for app in provider backend frontend; do
  name=trefoil_$app
  password=$(cat "/run/secrets/trefoil/$app-password")
  psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -v name="$name" -v password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
