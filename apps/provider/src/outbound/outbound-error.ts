/** A request for a client could not be made or was not answered as it must be. The message may be shown to the client. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
}
