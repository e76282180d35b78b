#!/bin/sh
# Starts nginx with the host names of this installation.
set -eu
for file in fullchain.pem privkey.pem; do
  [ -r "/etc/trefoil-certificates/$file" ] || {
    echo "The directory CERTIFICATES has no readable $file." >&2
    exit 1
  }
done
sed -e "s/AUTH_HOST/$AUTH_HOST/" -e "s/APP_HOST/$APP_HOST/" -e "s/API_HOST/$API_HOST/" /etc/trefoil/nginx.conf >/tmp/nginx.conf
exec nginx -c /tmp/nginx.conf -e stderr -g 'daemon off;'
