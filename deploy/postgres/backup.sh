#!/bin/bash
# Writes a backup of the databases of all apps to a new directory in BACKUPS, checks it, and deletes all but the newest KEEP backups.
#
# The databases are dumped one after the other, because PostgreSQL has no snapshot across databases. The provider comes
# first: it accepts a refresh token that the frontend received after that dump, but it would take an older one for stolen.
set -euo pipefail
umask 077
. "$(dirname "$0")/connect.sh"
keep=${KEEP:-14}
[[ $keep =~ ^[1-9][0-9]*$ ]] || {
  echo "KEEP is \"$keep\". Set it to the number of backups to keep, at least 1." >&2
  exit 2
}

name=$(date -u +%Y%m%dT%H%M%SZ)
unfinished=$BACKUPS/$name.unfinished
mkdir "$unfinished"
trap 'rm -rf "$unfinished"' EXIT
cd "$unfinished"

for database in "${databases[@]}"; do
  pg_dump --format=custom --dbname="$database" --file="$database.dump"
  # Reads the whole file, so that a damaged one is noticed now.
  pg_restore --file=/dev/null "$database.dump"
done
cat >MANIFEST <<MANIFEST
created: $name
postgresql: $(psql --dbname="${databases[0]}" -Atc 'SHOW server_version')
databases: ${databases[*]}
keys that are needed and not in this backup: $keys
secrets that are needed and not in this backup: $secrets
MANIFEST
sha256sum MANIFEST ./*.dump >SHA256SUMS
sync ./*
cd "$BACKUPS"
mv "$unfinished" "$name"
trap - EXIT

find . -mindepth 1 -maxdepth 1 -type d -name '[0-9]*Z' | sort | head -n "-$keep" | while read -r old; do
  rm -rf "$old"
  echo "deleted ${old#./}"
done
echo "wrote $name"
