#!/bin/bash
# Creates a database for each app that has none, with a role that can open no other, and gives the roles their passwords. PGHOST
# and PGPORT name PostgreSQL, and POSTGRES_USER or PGUSER its superuser. SECRETS is the folder with the passwords of the roles.
set -euo pipefail
. "$(dirname "$0")/apps.sh"
secrets=${SECRETS:-/run/secrets/trefoil}
export PGUSER=${POSTGRES_USER:-${PGUSER:-postgres}}
if [ -n "${PGPASSWORD_FILE:-}" ]; then
  PGPASSWORD=$(cat "$PGPASSWORD_FILE")
  export PGPASSWORD
fi
for i in "${!apps[@]}"; do
  password=$(cat "$secrets/${apps[i]}-password")
  psql -q -v ON_ERROR_STOP=1 -d postgres -v name="${databases[i]}" -v password="$password" <<'SQL'
SELECT format('CREATE ROLE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" LOGIN PASSWORD :'password';
SELECT format('CREATE DATABASE %1$I OWNER %1$I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
