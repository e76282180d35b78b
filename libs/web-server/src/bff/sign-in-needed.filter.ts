import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TokenRefusedError } from '../api-client/api-errors.js';
import { answerSignInNeeded } from '../http/sign-in-needed.js';
import { ApiNotGrantedError } from '../provider-client/provider-errors.js';
import { SessionEndedError } from '../session/session-ended.error.js';

/** Answers scripts whose user has to sign in. The script appends `return_to` to the address. */
@Catch(SessionEndedError, TokenRefusedError, ApiNotGrantedError)
export class SignInNeededFilter implements ExceptionFilter {
  catch(error: SessionEndedError | TokenRefusedError | ApiNotGrantedError, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerSignInNeeded(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), error, '/login');
  }
}
