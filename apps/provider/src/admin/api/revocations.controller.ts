import { Body, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblem } from '@trefoil/guards';
import type { RequestOrigin } from '../../http/request-origin.js';
import { RevocationJson, RevocationRequest } from '../../issued-tokens/revocation-targets/revocation-json.js';
import { RevocationTargets } from '../../issued-tokens/revocation-targets/revocation-targets.js';
import { AdminApi, AdminOrigin, AdminWrite } from './admin-api.decorators.js';

/** Serves `/api/admin/revocations`: ends sessions, grants and tokens. */
@AdminApi('revocations')
export class RevocationsController {
  constructor(private readonly targets: RevocationTargets) {}

  @Post()
  @HttpCode(200)
  @AdminWrite()
  @ApiOperation({
    summary: 'Revoke the tokens of a user, a client, a session or a grant, or one token',
    description: 'Resource servers refuse the tokens within a second.',
  })
  @ApiOkResponse({ description: 'What was revoked', standardSchema: RevocationJson })
  @ApiProblem(404, 'It does not exist, or is not active')
  async revoke(
    @Body({ schema: RevocationRequest }) request: RevocationRequest,
    @AdminOrigin() origin: RequestOrigin,
  ): Promise<RevocationJson> {
    const target = await this.targets.find(request);
    await target.revoke(origin);
    return target.json;
  }
}
