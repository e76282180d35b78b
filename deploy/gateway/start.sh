#!/bin/sh
# Starts nginx with the host names of this installation.
set -eu
for file in fullchain.pem privkey.pem; do
  [ -r "/etc/trefoil-certificates/$file" ] || {
    echo "The directory CERTIFICATES has no readable $file." >&2
    exit 1
  }
done
# SERVERS has a line for each server: its public name and its address.
names=$(echo "$SERVERS" | sed '/^$/d; s/ .*//' | tr '\n' ' ')
addresses=$(echo "$SERVERS" | sed '/^$/d; s/$/;/' | tr '\n' ' ')
sed -e "s/NAMES;/$names;/" -e "s/ADDRESSES/$addresses/" /etc/trefoil/nginx.conf >/tmp/nginx.conf
exec nginx -c /tmp/nginx.conf -e stderr -g 'daemon off;'
