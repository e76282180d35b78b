// @ts-check
// Creates or renews the certificates of the development PKI in .local/pki: [trust].
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

const [what, ...rest] = process.argv.slice(2);
if ((what !== undefined && what !== 'trust') || rest.length > 0) {
  console.error('Usage: npm run pki [-- trust]');
  process.exit(2);
}

prepare('libs/local-stack');
/** @type {typeof import('../libs/local-stack/src/index.js')} */
const { ensureCertificates } = await import(new URL('../libs/local-stack/dist/index.js', import.meta.url).href);
const pki = await ensureCertificates(join(root, '.local'));

if (what === 'trust') console.log(trustOf(pki.root));
else if (pki.written.length > 0) console.log(['Wrote:', ...pki.written].join('\n  '));
else console.log('Every certificate is there and valid for at least 30 days.');

/** Returns how to trust a root on each system. @param {string} path */
function trustOf(path) {
  return `
The root is ${path}. Its key is root.key beside it. A person who has the key can impersonate every site to a browser
that trusts the root, so trust it on this machine only, and remove it when you no longer need it.

macOS     sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain "${path}"
Windows   certutil -addstore -user Root "${path}"
Debian    sudo cp "${path}" /usr/local/share/ca-certificates/trefoil-development.crt && sudo update-ca-certificates
Fedora    sudo cp "${path}" /etc/pki/ca-trust/source/anchors/trefoil-development.crt && sudo update-ca-trust
Chromium on Linux, which has a list of its own (package libnss3-tools or nss-tools):
          certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n trefoil-development -i "${path}"
Firefox   Settings, Privacy & Security, View Certificates, Authorities, Import
Node      NODE_EXTRA_CA_CERTS="${path}"
curl      curl --cacert "${path}"
`;
}
