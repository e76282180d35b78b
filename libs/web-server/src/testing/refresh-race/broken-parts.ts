import type { StateStore } from '@trefoil/state-store';
import type { Session } from '../../session/session.js';
import { Sessions } from '../../session/sessions.js';
import type { Parts } from './raced-session.js';

const changed = (store: StateStore, changes: Partial<StateStore>): StateStore =>
  Object.assign(Object.create(store) as StateStore, changes);

/** A lock that does not lock. */
const openLock: Parts = {
  store: (store) => changed(store, { withLock: (_key, work) => work(new AbortController().signal, 0) }),
};

/** A compare-and-set that writes without comparing. */
const blindWrites: Parts = {
  store: (store) =>
    changed(store, { compareAndSet: (key, _version, ...entry) => store.set(key, ...entry).then(() => true) }),
};

/** Returns each session as it was when it was first read. */
class RememberedSessions extends Sessions {
  private readonly known = new Map<string, Session>();

  override async find(id: string): Promise<Session | undefined> {
    const found = this.known.get(id) ?? (await super.find(id));
    if (found) this.known.set(id, found);
    return found && { ...found };
  }
}

/** Broken parts. The properties must fail with each of them. */
export const BROKEN = { openLock, blindWrites, staleReads: { Sessions: RememberedSessions } } satisfies Record<
  string,
  Parts
>;
