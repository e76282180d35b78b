// @ts-check
import { object } from './objects.mjs';

/**
 * Returns a certificate of the authority of the installation. cert-manager renews it in the last third of its time, and the
 * server uses the changed files without a restart.
 *
 * @param {string} name of the certificate and of its secret
 * @param {{ dnsNames: readonly string[], usages: readonly string[] }} content
 */
export const certificate = (name, { dnsNames, usages }) => ({
  ...object('cert-manager.io/v1', 'Certificate', name),
  spec: {
    secretName: name,
    issuerRef: { kind: 'Issuer', name: 'trefoil' },
    commonName: dnsNames[0],
    dnsNames,
    usages,
    duration: '2160h',
    renewBefore: '720h',
    privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
  },
});
