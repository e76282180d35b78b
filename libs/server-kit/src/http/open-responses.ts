import type { ServerResponse } from 'node:http';
import { TooManyRequestsError } from '../admission/admission.js';
import { onResponseClose, resetResponse } from './incomplete-responses.js';

const RETRY_AFTER_SECONDS = 5;
/** The longest time that a reader may take nothing while the server shuts down. */
const SHUTDOWN_IDLE_SECONDS = 3;

/** Limits responses that take long, such as streams, on one replica. */
export interface OpenResponsesOptions {
  /** The name of the limit, for {@link TooManyRequestsError}. */
  readonly limit: string;
  /** The most responses that one holder may have open at the same time. */
  readonly most: number;
  /** The time in seconds after which a response is reset whose reader takes nothing. */
  readonly idleSeconds: number;
}

/** Keeps the open responses of one kind, and limits what their readers can hold. */
export class OpenResponses {
  private readonly open = new Map<ServerResponse, string>();
  private idleSeconds: number;

  constructor(private readonly options: OpenResponsesOptions) {
    this.idleSeconds = options.idleSeconds;
  }

  /**
   * Counts a response until it is complete or its connection is closed.
   *
   * @param holder whose response it is, such as a user id.
   * @throws TooManyRequestsError when the holder has too many open responses.
   */
  admit(response: ServerResponse, holder: string): void {
    const { limit, most } = this.options;
    const open = [...this.open.values()].filter((other) => other === holder).length;
    if (open >= most) throw new TooManyRequestsError(limit, RETRY_AFTER_SECONDS);
    this.open.set(response, holder);
    onResponseClose(response, () => this.open.delete(response));
  }

  /** Resets a response when its reader takes nothing for the time of the options. */
  resetWhenIdle(response: ServerResponse): void {
    response.setTimeout(this.idleSeconds * 1000, () => {
      // Without unsent bytes, the reader waits for the server.
      if (response.writableLength > 0) resetResponse(response);
      else response.setTimeout(this.idleSeconds * 1000);
    });
  }

  /** Gives readers that take nothing less time, so that they do not delay a shutdown. */
  beginShutdown(): void {
    this.idleSeconds = Math.min(this.idleSeconds, SHUTDOWN_IDLE_SECONDS);
    for (const response of this.open.keys()) response.setTimeout(this.idleSeconds * 1000);
  }
}
