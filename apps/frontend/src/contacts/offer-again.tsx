import { isTemporary, PageResponse } from '@trefoil/web-server';
import type { FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { TryAgainNotice } from './form-notices.js';

/**
 * Returns the page that shows a form again after a failure that passes, with the status and `Retry-After` of the failure.
 * Rethrows any other failure.
 *
 * @param formPage Renders the form with the text that the user entered.
 */
export function offerAgain(
  failure: unknown,
  request: FastifyRequest,
  formPage: (notice: VNode) => VNode,
): PageResponse {
  if (!isTemporary(failure)) throw failure;
  request.log.warn({ err: failure }, 'A form could not be saved');
  const { status, headers, detail = '' } = failure;
  return new PageResponse(status, formPage(<TryAgainNotice reason={detail} />), headers);
}
