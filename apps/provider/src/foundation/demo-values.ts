/** Matches the passwords, client secrets and registration tokens of the demo. Everybody can read them in its source. */
const DEMO_VALUE = /(^|-)demo-(password|secret|initial-access-token)$/;

/** Returns whether a password, a client secret or a registration token is one of the demo, which production must refuse. */
export const isDemoValue = (secret: string): boolean => DEMO_VALUE.test(secret);
