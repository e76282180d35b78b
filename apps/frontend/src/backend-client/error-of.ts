import { Problem } from '@trefoil/dto';
import { RequestRefused, ServiceUnavailable, UnexpectedResponse } from '@trefoil/service-client';
import {
  BackendUnavailableError,
  ChangedMeanwhileError,
  InvalidInputError,
  NotAllowedError,
  NotFoundError,
  SentBeforeError,
  StillRunningError,
  UnexpectedAnswerError,
} from './backend-errors.js';

/** What a failed request to the backend means here; what is no answer of the backend is returned as it is. */
export function errorOf(failure: unknown): unknown {
  if (failure instanceof RequestRefused) return errorOfRefusal(failure);
  if (failure instanceof UnexpectedResponse) return new UnexpectedAnswerError(failure);
  if (!(failure instanceof ServiceUnavailable)) return failure;
  return failure.status === undefined
    ? new BackendUnavailableError('The contacts service cannot be reached at the moment.', failure)
    : new BackendUnavailableError(
        'The contacts service is there, but lacks something it needs at the moment.',
        failure,
      );
}

function errorOfRefusal(refusal: RequestRefused): Error {
  switch (refusal.status) {
    case 400:
      return new InvalidInputError(Problem.safeParse(refusal.problem).data?.errors ?? []);
    case 403:
      return new NotAllowedError();
    case 404:
      return new NotFoundError();
    case 409:
      return new StillRunningError();
    case 412:
      return new ChangedMeanwhileError();
    case 422:
      return new SentBeforeError();
    default:
      return new UnexpectedAnswerError(refusal);
  }
}
