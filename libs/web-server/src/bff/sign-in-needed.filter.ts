import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerSignInNeeded } from '../http/sign-in-needed.js';
import { ApiNotGrantedError } from '../provider-client/provider-errors.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { ApiTokenRefusedError } from './api-errors.js';

/** Answers scripts whose user has to sign in. The script appends `return_to` to the address. */
@Catch(SessionEndedError, ApiTokenRefusedError, ApiNotGrantedError)
export class SignInNeededFilter implements ExceptionFilter {
  catch(error: SessionEndedError | ApiTokenRefusedError | ApiNotGrantedError, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerSignInNeeded(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), error, '/login');
  }
}
