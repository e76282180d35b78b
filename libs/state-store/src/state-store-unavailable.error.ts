/** Reports that the server of a state store cannot be reached, does not answer in time, or cannot write at the moment. */
export class StateStoreUnavailableError extends Error {
  override readonly name = 'StateStoreUnavailableError';

  constructor(options: { cause: unknown }) {
    super('the state store is unavailable', options);
  }
}
