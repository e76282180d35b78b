import { Body, Controller, Get, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblem, MachineRoute, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import { type Answer, ApiIdempotencyKey, IdempotentRequests, UuidPipe } from '@trefoil/resource-api';
import type { FastifyReply } from 'fastify';
import { paymentScopes } from '../payment-scopes.js';
import { ChargeBody, ChargeInput, ChargeList, representCharge } from './charge-bodies.js';
import { Charges, noSuchCharge } from './charges.js';
import { DpopBoundGuard } from './dpop-bound.guard.js';
import { RequiredIdempotencyKey } from './required-idempotency-key.js';

/** Serves charges: machine clients make and refund them, customers see theirs. */
@ApiTags('Charges')
@Controller('v1/charges')
export class ChargesController {
  constructor(
    private readonly charges: Charges,
    private readonly idempotentRequests: IdempotentRequests,
  ) {}

  @Post()
  @MachineRoute(paymentScopes.charge.name)
  @UseGuards(DpopBoundGuard)
  @ApiOperation({ summary: 'Charge a customer once for each Idempotency-Key' })
  @ApiIdempotencyKey()
  @ApiCreatedResponse({ description: 'The charge', standardSchema: ChargeBody })
  async charge(
    @Token() { claims }: VerifiedAccessToken,
    @Body({ schema: ChargeInput }) input: ChargeInput,
    @RequiredIdempotencyKey() key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const request = { claims, key, operation: 'POST /v1/charges', input };
    const answer = await this.idempotentRequests.once(request, async (manager) => ({
      status: 201,
      headers: {},
      body: representCharge(await this.charges.add(claims.client_id, input, manager)),
    }));
    return send(reply, answer);
  }

  @Post(':id/refund')
  @MachineRoute(paymentScopes.refund.name)
  @UseGuards(DpopBoundGuard)
  @HttpCode(200)
  @ApiOperation({ summary: 'Refund a charge' })
  @ApiIdempotencyKey()
  @ApiOkResponse({ description: 'The refunded charge', standardSchema: ChargeBody })
  @ApiProblem(404, 'You have no charge with this id')
  async refund(
    @Token() { claims }: VerifiedAccessToken,
    @Param('id', new UuidPipe(noSuchCharge)) id: string,
    @RequiredIdempotencyKey() key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const request = { claims, key, operation: `POST /v1/charges/${id}/refund`, input: {} };
    const answer = await this.idempotentRequests.once(request, async (manager) => ({
      status: 200,
      headers: {},
      body: representCharge(await this.charges.refund(claims.client_id, id, manager)),
    }));
    return send(reply, answer);
  }

  @Get()
  @UserRoute(paymentScopes.read.name)
  @MachineRoute(paymentScopes.read.name)
  @ApiOperation({ summary: 'List charges, the newest first: a customer sees their own, a client those that it made' })
  @ApiOkResponse({ description: 'At most 50 charges', standardSchema: ChargeList })
  async list(@Token() token: VerifiedAccessToken): Promise<object> {
    const { sub, client_id: clientId } = token.claims;
    const charges = await this.charges.list(token.subject === 'user' ? { customer: sub } : { clientId });
    return { items: charges.map(representCharge) };
  }
}

function send(reply: FastifyReply, { status, headers, body }: Answer): object {
  void reply.status(status).headers(headers);
  return body;
}
