import { Actions, ButtonLink } from '@trefoil/ui';
import { ProviderPage } from '../http/provider-page.js';

/** What became of a person's answer. */
export type DeviceOutcome = 'allowed' | 'denied' | 'too late';

const WORDS: Record<DeviceOutcome, { title: string; lead: (clientName: string) => string }> = {
  allowed: { title: 'Your device is connected', lead: (name) => `Go back to ${name}: it goes on by itself.` },
  denied: { title: 'Nothing was connected', lead: (name) => `${name} gets nothing. You can close this page.` },
  'too late': { title: 'This took too long', lead: (name) => `Nothing was connected. Start again in ${name}.` },
};

/** Tells a person what became of their answer; the device learns of it when it asks next. */
export function DeviceAnsweredPage({ outcome, clientName }: { outcome: DeviceOutcome; clientName: string }) {
  const { title, lead } = WORDS[outcome];
  return (
    <ProviderPage title={title} lead={lead(clientName)}>
      <Actions>
        <ButtonLink href={outcome === 'too late' ? '/device' : '/'} variant="secondary">
          {outcome === 'too late' ? 'Enter another code' : 'Go to the start page'}
        </ButtonLink>
      </Actions>
    </ProviderPage>
  );
}
