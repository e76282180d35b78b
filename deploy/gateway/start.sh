#!/bin/sh
# Starts nginx with the host names of this installation.
set -eu
for file in "$CERTIFICATE_FILE" "$KEY_FILE"; do
  [ -r "$file" ] || {
    echo "The directory CERTIFICATES has no readable $(basename "$file")." >&2
    exit 1
  }
done
# SERVERS has a line for each server: its public name and its address.
names=$(echo "$SERVERS" | sed '/^$/d; s/ .*//' | tr '\n' ' ')
addresses=$(echo "$SERVERS" | sed '/^$/d; s/$/;/' | tr '\n' ' ')
listen= listen_default=
for port in $PORTS; do
  listen="$listen listen $port ssl;"
  listen_default="$listen_default listen $port ssl default_server;"
done
sed -e "s|LISTEN_DEFAULT|$listen_default|" -e "s|LISTEN|$listen|" -e "s|NAMES;|$names;|" -e "s|ADDRESSES|$addresses|" \
  -e "s|CERTIFICATE;|$CERTIFICATE_FILE;|" -e "s|KEY;|$KEY_FILE;|" /etc/trefoil/nginx.conf >/tmp/nginx.conf
exec nginx -c /tmp/nginx.conf -e stderr -g 'daemon off;'
