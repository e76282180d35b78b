import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiNotModifiedResponse } from '@nestjs/swagger';
import { ApiProblem } from '@trefoil/guards';
import { ENTITY_TAGS } from './entity-tag.js';

// A longer header would exceed the limits of HTTP servers.
const schema = { type: 'string', pattern: ENTITY_TAGS.source, maxLength: 1000 };

/** Documents a route that takes `If-Match` and answers 412 when the precondition fails (RFC 9110 §13.1.1). */
export const ApiIfMatch = () =>
  applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The ETag that you read. The request is refused when the resource has changed since.',
      schema,
    }),
    ApiProblem(412, 'The resource has changed since you read it'),
  );

/** Documents a route that takes `If-None-Match` and answers 304 when the client has the current version (RFC 9110 §13.1.2). */
export const ApiIfNoneMatch = () =>
  applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The ETag that you have. The answer is 304 when it is still current.',
      schema,
    }),
    ApiNotModifiedResponse({ description: 'You have the current version' }),
  );
