import { randomBytes } from 'node:crypto';
import { Subjects } from './subjects.js';

const key = randomBytes(32);
const subjects = new Subjects(key);

const client = {
  clientId: 'a',
  subjectType: 'pairwise' as const,
  sectorIdentifierUri: null,
  redirectUris: ['https://a.example/callback'],
};

describe('Subjects', () => {
  it('are the same for every client with public subjects (OpenID Connect Core §8)', () => {
    expect(subjects.of({ ...client, subjectType: 'public' }, 'alice')).toBe('alice');
  });

  it('are base64url of 32 bytes for a client with pairwise subjects (OpenID Connect Core §8.1)', () => {
    expect(subjects.of(client, 'alice')).toMatch(/^[\w-]{43}$/);
  });

  it('are the same at every sign-in and every replica (OpenID Connect Core §8.1)', () => {
    expect(new Subjects(key).of(client, 'alice')).toBe(subjects.of(client, 'alice'));
  });

  it('differ between users and between sectors (OpenID Connect Core §8.1)', () => {
    const other = { ...client, redirectUris: ['https://b.example/callback'] };
    const all = [subjects.of(client, 'alice'), subjects.of(client, 'bob'), subjects.of(other, 'alice')];
    expect(new Set(all).size).toBe(3);
  });

  it('are shared by the clients of a sector, which is the host of the sector identifier (OpenID Connect Core §8.1)', () => {
    const sectorIdentifierUri = 'https://a.example/clients.json';
    const sibling = { ...client, clientId: 'b', sectorIdentifierUri, redirectUris: ['https://b.example/'] };
    expect(subjects.of(sibling, 'alice')).toBe(subjects.of(client, 'alice'));
  });

  it('cannot be derived without the key (OpenID Connect Core §8.1)', () => {
    expect(new Subjects(randomBytes(32)).of(client, 'alice')).not.toBe(subjects.of(client, 'alice'));
  });

  it('are those of one client when it has no redirect URI', () => {
    const device = { ...client, redirectUris: [] };
    expect(subjects.of(device, 'alice')).not.toBe(subjects.of({ ...device, clientId: 'b' }, 'alice'));
  });
});
