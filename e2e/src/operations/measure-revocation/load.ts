import type { Stack } from '@trefoil/local-stack';
import { demoClients } from '@trefoil/testing';

const READERS = 8;
const TOKEN_REQUESTERS = 2;

/** A constant load from its construction on: concurrent reads at the backend and token requests at the provider. */
export class Load {
  reads = 0;
  tokens = 0;
  private readonly startedAt = performance.now();
  private isEnding = false;
  private readonly running: Promise<void>[];

  constructor(
    private readonly urls: Stack['urls'],
    private readonly readContacts: () => Promise<Response>,
  ) {
    this.running = [
      ...Array.from({ length: READERS }, () => this.repeat(() => this.read())),
      ...Array.from({ length: TOKEN_REQUESTERS }, () => this.repeat(() => this.requestToken())),
    ];
  }

  /** Ends the load and returns a description of its rate. */
  async end(): Promise<string> {
    this.isEnding = true;
    await Promise.all(this.running);
    const seconds = (performance.now() - this.startedAt) / 1000;
    return `${Math.round(this.reads / seconds)} reads/s and ${Math.round(this.tokens / seconds)} tokens/s`;
  }

  private async repeat(request: () => Promise<void>): Promise<void> {
    while (!this.isEnding) await request();
  }

  private async read(): Promise<void> {
    await expectSuccess(await this.readContacts());
    this.reads += 1;
  }

  private async requestToken(): Promise<void> {
    const { clientId, clientSecret } = demoClients.marketingSync;
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'contacts:export' });
    await expectSuccess(
      await fetch(`${this.urls.provider}/token`, { method: 'POST', headers: { authorization }, body }),
    );
    this.tokens += 1;
  }
}

async function expectSuccess(answer: Response): Promise<void> {
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status} under load`);
}
