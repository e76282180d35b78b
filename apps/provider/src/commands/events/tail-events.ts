import { UserAdministration } from '../../users/administration/user-administration.js';
import { Option } from '@commander-js/extra-typings';
import { representLine } from '../../security-events/api/represent-event.js';
import { SECURITY_EVENT_TYPES } from '../../security-events/security-event-type.js';
import {
  type EventPosition,
  type PositionedEvent,
  SecurityEventLog,
} from '../../security-events/security-event-log.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { readCount } from '../option-values.js';
import { eventText } from './event-text.js';
import { eventWakeUps } from './event-wake-ups.js';

const BATCH = 500;

/** Returns the position before the first event that a horizon hides. */
const endOf = (horizon: string): EventPosition => ({ transactionId: horizon, id: '0' });

/** Builds the command `events tail`. */
export const tailEvents = ({ withInstallation, terminal }: CommandTools) =>
  command('tail', 'Show the last security events, and with --follow new ones', [
    'events tail --lines 50',
    'events tail --follow --type refresh-token-reuse',
    'events tail --follow --user alice@example.com --json',
  ])
    .option('--follow', 'print each new event when it is recorded, until Ctrl-C')
    .option('--lines <count>', 'number of past events to begin with', readCount, 20)
    .addOption(new Option('--type <type>', 'only events of this type').choices(SECURITY_EVENT_TYPES))
    .addOption(
      new Option('--outcome <outcome>', 'only events with this outcome').choices(['success', 'failure'] as const),
    )
    .option('--user <user>', 'only events about this user (e-mail address or id)')
    .option('--client <client>', 'only events about this client')
    .action((options) =>
      withInstallation(async (installation) => {
        const log = installation.get(SecurityEventLog);
        const user =
          options.user === undefined ? undefined : (await installation.get(UserAdministration).find(options.user)).id;
        const { type, outcome, client, json } = options;
        const filter = { type, outcome, client, user };
        const print = (events: readonly PositionedEvent[]) => {
          for (const event of events)
            terminal.write(`${json ? JSON.stringify(representLine(event)) : eventText(event)}\n`);
        };

        const horizon = await log.horizon();
        print(await log.last(filter, { horizon, size: options.lines }));
        if (!options.follow) return;
        // Every event before the horizon is visible. Events that commit later lie behind it.
        let after = endOf(horizon);
        for await (const _ of eventWakeUps(installation, terminal.interrupted)) {
          let count: number;
          do {
            const next = await log.horizon();
            const events = await log.batch(filter, { after, horizon: next, size: BATCH });
            print(events);
            count = events.length;
            after = (count === BATCH ? events.at(-1) : undefined) ?? endOf(next);
          } while (count === BATCH && !terminal.interrupted.aborted);
        }
      }),
    );
