#!/bin/bash
# Restores a backup into empty databases: restore.sh <backup>, the name of a directory in BACKUPS, or `latest`. It
# refuses a damaged backup and databases that have tables. When it fails half way, all databases are empty again.
set -euo pipefail
. "$(dirname "$0")/connect.sh"

name=${1:-}
[ "$name" != latest ] || name=$(cd "$BACKUPS" && find . -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' | sort | tail -n 1)
if [ -z "$name" ] || [ ! -f "$BACKUPS/$name/SHA256SUMS" ]; then
  echo "Name a backup, or latest. The backups are:" >&2
  (cd "$BACKUPS" && find . -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' | sort | sed 's|^\./|  |') >&2
  exit 2
fi
cd "$BACKUPS/$name"
sha256sum --check --quiet SHA256SUMS || {
  echo "The backup $name is damaged. Nothing was changed." >&2
  exit 1
}

# An app that is newer than the backup has no dump.
dumped=()
for database in "${databases[@]}"; do
  [ ! -f "$database.dump" ] || dumped+=("$database")
done
databases=("${dumped[@]}")

for database in "${databases[@]}"; do
  tables=$(psql -v ON_ERROR_STOP=1 --dbname="$database" -Atc \
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'")
  [ "$tables" = 0 ] || {
    echo "The database $database is not empty. Restore into empty databases. Nothing was changed." >&2
    exit 5
  }
done

empty_again() {
  for database in "${databases[@]}"; do
    psql -q -v ON_ERROR_STOP=1 --dbname=postgres -v name="$database" <<'SQL'
DROP DATABASE :"name" WITH (FORCE);
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
  done
  echo "The restore failed. The databases are empty again." >&2
}
trap empty_again EXIT
for database in "${databases[@]}"; do
  # The role of the app owns its tables.
  pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --role="$database" --dbname="$database" "$database.dump"
  psql -q --dbname="$database" -c ANALYZE
done
trap - EXIT
echo "restored ${name#./}"
