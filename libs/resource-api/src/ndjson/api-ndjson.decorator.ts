import { ApiProblem } from '@trefoil/guards';

/** Documents the answer of a route that streams through `NdjsonStreams` to a reader with too many open streams. */
export const ApiStreamLimit = () => ApiProblem(429, 'You have too many open streams; try again after `Retry-After`');
