import type { StateStore } from '@trefoil/state-store';
import type { Session } from '../../session/session.js';
import { Sessions } from '../../session/sessions.js';
import type { Parts } from './raced-session.js';

const changed = (store: StateStore, changes: Partial<StateStore>): StateStore =>
  Object.assign(Object.create(store) as StateStore, changes);

/** Lets everybody in at once. */
const openLock: Parts = {
  store: (store) => changed(store, { withLock: (_key, work) => work(new AbortController().signal) }),
};

/** Writes whatever has become of the entry. */
const blindWrites: Parts = {
  store: (store) =>
    changed(store, { compareAndSet: (key, _version, ...entry) => store.set(key, ...entry).then(() => true) }),
};

/** Remembers what a session was when it was first read. */
class RememberedSessions extends Sessions {
  private readonly known = new Map<string, Session>();

  override async find(id: string): Promise<Session | undefined> {
    const found = this.known.get(id) ?? (await super.find(id));
    if (found) this.known.set(id, found);
    return found && { ...found };
  }
}

/** What the properties must be able to tell from the real thing. */
export const BROKEN = { openLock, blindWrites, noSecondLook: { Sessions: RememberedSessions } } satisfies Record<
  string,
  Parts
>;
