# Sourced by backup.sh and restore.sh. PGHOST, PGPORT and PGUSER name PostgreSQL and its superuser, and PGPASSWORD or the
# file PGPASSWORD_FILE has the password. BACKUPS is the directory of the backups.
if [ -n "${PGPASSWORD_FILE:-}" ]; then
  PGPASSWORD=$(cat "$PGPASSWORD_FILE")
  export PGPASSWORD
fi
: "${BACKUPS:?Set BACKUPS to the directory of the backups}"
. "$(dirname "${BASH_SOURCE[0]}")/apps.sh"
