import type { DeliverableEvent } from '../streams/stream-outbox.js';
import { revokedBy, REVOKING_TYPES, type SecurityEventType } from '../../security-events/security-event-type.js';
import { EVENT_TYPES } from './event-mapping.js';
import { deliveredEvents, EVENT_MAPPINGS, mappingOf, mappingsFor, SUPPORTED_EVENTS } from './event-mappings.js';

const iss = 'https://id.example';
const naming = {
  iss,
  sub: (userId: string) => `sub of ${userId}`,
  sid: (sessionId: string) => `sid of ${sessionId}`,
  audiences: (audience: string) => [audience, 'https://next.example'],
};

/** Creates an event of a type with all members. */
const event = (type: SecurityEventType, changes: Partial<DeliverableEvent> = {}): DeliverableEvent => ({
  id: '1',
  occurredAt: new Date(1_700_000_000_900),
  type,
  outcome: 'success',
  actor: null,
  userId: 'user',
  clientId: 'client',
  sessionId: 'session',
  grantId: 'grant',
  tokenId: 'token',
  requestId: null,
  details: null,
  ...changes,
});

const revoked = (type: SecurityEventType, changes?: Partial<DeliverableEvent>) =>
  mappingOf('session-revoked').map(event(type, changes), naming);
const user = { format: 'iss_sub', iss, sub: 'sub of user' };
const opaque = (id: string) => ({ format: 'opaque', id });

describe('session-revoked', () => {
  it('is sent for every type of event that revokes tokens, and for no other (CAEP 1.0 §3.1)', () => {
    expect(mappingOf('session-revoked').from).toEqual(REVOKING_TYPES);
  });

  it.each(REVOKING_TYPES)('names the subject that %s revokes (SSF 1.0 §3)', (type) => {
    const subjects = {
      token: { format: 'jwt_id', iss, jti: 'token' },
      grant: { format: 'complex', user, application: opaque('client'), grant: opaque('grant') },
      session: { format: 'complex', user, session: opaque('sid of session') },
      client: { format: 'complex', application: opaque('client') },
      user,
    };
    const subject = revokedBy(type);
    expect(subject && subjects[subject]).toEqual(revoked(type).subject);
  });

  it.each(REVOKING_TYPES)('contains time, initiating entity and reason of %s (CAEP 1.0 §2)', (type) => {
    expect(revoked(type).members).toEqual({
      event_timestamp: 1_700_000_000,
      initiating_entity: expect.stringMatching(/^(user|policy|system)$/),
      reason_admin: { en: expect.stringMatching(/.{5}/) },
      reason_user: { en: expect.stringMatching(/.{5}/) },
    });
    expect(revoked(type, { actor: 'somebody' }).members).toMatchObject({ initiating_entity: 'admin' });
  });

  it('contains the audience and the expiry of a token, so that receivers need not keep it for longer (RFC 8707 §2)', () => {
    const details = { audience: 'https://api.example', expires_at: '1700000600' };
    expect(revoked('token-revoked', { details }).members).toMatchObject({
      token_audience: ['https://api.example', 'https://next.example'],
      token_expires_at: 1_700_000_600,
    });
    const { members } = revoked('token-revoked');
    expect(Object.keys(members).filter((name) => name.startsWith('token_'))).toEqual([]);
  });

  it('contains the generation below which the tokens of a client are revoked', () => {
    const details = { generation: '7' };
    expect(revoked('client-tokens-revoked', { details }).members).toMatchObject({ generation: 7 });
    expect(revoked('client-disabled', { details }).members).toMatchObject({ generation: 7 });
    expect(revoked('client-removed').members).not.toHaveProperty('generation');
    expect(revoked('grant-revoked', { details }).members).not.toHaveProperty('generation');
  });
});

describe('the other events', () => {
  it.each([
    ['user-disabled', 'account-disabled'],
    ['user-enabled', 'account-enabled'],
    ['user-deleted', 'account-purged'],
  ] as const)('%s is sent as %s of the user (RISC 1.0 §2)', (type, name) => {
    const mapping = mappingOf(name);
    expect(mapping.from).toContain(type);
    expect(mapping.map(event(type), naming).subject).toEqual(user);
  });

  it.each([
    ['client-secret-added', 'create'],
    ['client-secret-removed', 'delete'],
  ] as const)('%s is sent as credential-change: %s (CAEP 1.0 §3.3)', (type, change_type) => {
    const mapping = mappingOf('credential-change');
    expect(mapping.from).toContain(type);
    expect(mapping.map(event(type), naming)).toEqual({
      subject: { format: 'complex', application: opaque('client') },
      members: expect.objectContaining({ credential_type: 'client-secret', change_type }),
    });
  });

  it('user-password-set is sent as credential-change of the user (CAEP 1.0 §3.3)', () => {
    expect(mappingOf('credential-change').map(event('user-password-set'), naming)).toEqual({
      subject: user,
      members: expect.objectContaining({ credential_type: 'password', change_type: 'update' }),
    });
  });
});

describe('the delivered events', () => {
  it('are the requested ones that are supported (SSF 1.0 §8.1.1)', () => {
    const requested = [EVENT_TYPES['session-revoked'], 'urn:example:unknown'];
    expect(deliveredEvents(requested)).toEqual([EVENT_TYPES['session-revoked']]);
    expect(new Set(mappingsFor(requested).map(({ signal }) => signal))).toEqual(new Set(['session-revoked']));
  });

  it('are all supported ones when the receiver requested none', () => {
    expect(deliveredEvents(null)).toEqual(SUPPORTED_EVENTS);
    expect(mappingsFor(null)).toHaveLength(EVENT_MAPPINGS.flatMap(({ from }) => from).length);
  });
});
