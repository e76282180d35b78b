/** How events reach a receiver, by URI (SSF 1.0 §6.1). */
export const DELIVERY_METHODS = { push: 'urn:ietf:rfc:8935', poll: 'urn:ietf:rfc:8936' } as const;
