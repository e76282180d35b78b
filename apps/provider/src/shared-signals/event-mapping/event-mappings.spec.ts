import type { TellableEvent } from '../streams/stream-outbox.js';
import { revokedBy, REVOKING_TYPES, type SecurityEventType } from '../../security-events/security-event-type.js';
import { EVENT_TYPES } from './event-types.js';
import { deliveredOf, SUPPORTED_EVENTS, tellingsOf, TOLD_EVENTS, toldEvents } from './event-mappings.js';

const iss = 'https://id.example';
const naming = { iss, sub: (userId: string) => `sub of ${userId}` };

/** An event of that type, about everything at once. */
const event = (type: SecurityEventType, changes: Partial<TellableEvent> = {}): TellableEvent => ({
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

const revoked = (type: SecurityEventType, changes?: Partial<TellableEvent>) =>
  toldEvents('session-revoked').tell(event(type, changes), naming);
const user = { format: 'iss_sub', iss, sub: 'sub of user' };
const opaque = (id: string) => ({ format: 'opaque', id });

describe('session-revoked', () => {
  it('is told of everything that ends tokens, and of nothing else (CAEP 1.0 §3.1)', () => {
    expect(toldEvents('session-revoked').of).toEqual(REVOKING_TYPES);
  });

  it.each(REVOKING_TYPES)('names what %s ends (SSF 1.0 §3)', (type) => {
    const subjects = {
      token: { format: 'jwt_id', iss, jti: 'token' },
      grant: { format: 'complex', user, application: opaque('client'), grant: opaque('grant') },
      session: { format: 'complex', user, session: opaque('session') },
      client: { format: 'complex', application: opaque('client') },
      user,
    };
    const ended = revokedBy(type);
    expect(ended && subjects[ended]).toEqual(revoked(type).subject);
  });

  it.each(REVOKING_TYPES)('says of %s when, by whom and why (CAEP 1.0 §2)', (type) => {
    expect(revoked(type).members).toEqual({
      event_timestamp: 1_700_000_000,
      initiating_entity: expect.stringMatching(/^(user|policy|system)$/),
      reason_admin: { en: expect.stringMatching(/.{5}/) },
      reason_user: { en: expect.stringMatching(/.{5}/) },
    });
    expect(revoked(type, { actor: 'somebody' }).members).toMatchObject({ initiating_entity: 'admin' });
  });

  it('names the generation of a client whose tokens have ended up to then', () => {
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
  ] as const)('%s is %s of the user (RISC 1.0 §2)', (type, name) => {
    const told = toldEvents(name);
    expect(told.of).toContain(type);
    expect(told.tell(event(type), naming).subject).toEqual(user);
  });

  it.each([
    ['client-secret-added', 'create'],
    ['client-secret-removed', 'delete'],
  ] as const)('%s is a credential-change: %s (CAEP 1.0 §3.3)', (type, change_type) => {
    const told = toldEvents('credential-change');
    expect(told.of).toContain(type);
    expect(told.tell(event(type), naming)).toEqual({
      subject: { format: 'complex', application: opaque('client') },
      members: expect.objectContaining({ credential_type: 'client-secret', change_type }),
    });
  });
});

describe('what a receiver asks for', () => {
  it('is delivered as far as there is such a thing (SSF 1.0 §8.1.1)', () => {
    const asked = [EVENT_TYPES['session-revoked'], 'urn:example:unknown'];
    expect(deliveredOf(asked)).toEqual([EVENT_TYPES['session-revoked']]);
    expect(new Set(tellingsOf(asked).map(({ signal }) => signal))).toEqual(new Set(['session-revoked']));
  });

  it('is everything when it asks for nothing in particular', () => {
    expect(deliveredOf(null)).toEqual(SUPPORTED_EVENTS);
    expect(tellingsOf(null)).toHaveLength(TOLD_EVENTS.flatMap(({ of }) => of).length);
  });
});
