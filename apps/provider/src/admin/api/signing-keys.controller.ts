import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblem } from '@trefoil/guards';
import { z } from 'zod';
import type { RequestOrigin } from '../../http/request-origin.js';
import { KeyRotation } from '../../keys/key-rotation.js';
import { OFFERED_ALGORITHMS } from '../../keys/offered-algorithms.js';
import { SigningKeyJson, signingKeyJson } from '../../keys/signing-key-json.js';
import { AdminApi, AdminOrigin, AdminRead, AdminWrite } from './admin-api.decorators.js';

const SigningKeys = z.object({ items: z.array(SigningKeyJson) });
type SigningKeys = z.infer<typeof SigningKeys>;

/** Which keys to rotate. Without a body, the keys of every algorithm. */
const Rotation = z
  .strictObject({
    alg: z.enum(OFFERED_ALGORITHMS).optional(),
    /** Whether the new keys sign at once, although verifiers may not have fetched them yet. For emergencies. */
    immediately: z.boolean().default(false),
  })
  .default({ immediately: false });
type Rotation = z.output<typeof Rotation>;

/** Serves `/api/admin/signing-keys`: the keys that sign tokens. */
@AdminApi('signing-keys')
export class SigningKeysController {
  constructor(private readonly rotation: KeyRotation) {}

  @Get()
  @AdminRead()
  @ApiOperation({ summary: 'List the signing keys, the newest first' })
  @ApiOkResponse({ description: 'Every key, without its private part', standardSchema: SigningKeys })
  async list(): Promise<SigningKeys> {
    return { items: (await this.rotation.list()).map(signingKeyJson) };
  }

  @Post('rotate')
  @HttpCode(200)
  @AdminWrite()
  @ApiOperation({
    summary: 'Replace the signing keys',
    description: 'The new keys sign as soon as every cache of `/jwks` has them. Older signatures stay valid.',
  })
  @ApiOkResponse({ description: 'The new keys', standardSchema: SigningKeys })
  async rotate(
    @Body({ schema: Rotation }) { alg, immediately }: Rotation,
    @AdminOrigin() origin: RequestOrigin,
  ): Promise<SigningKeys> {
    return { items: (await this.rotation.rotate(alg, { immediately, origin })).map(signingKeyJson) };
  }

  @Post(':kid/retire')
  @HttpCode(204)
  @AdminWrite()
  @ApiOperation({
    summary: 'Retire a leaked key',
    description: 'Everything that it signed becomes invalid. Rotate first.',
  })
  @ApiNoContentResponse({ description: 'The key is retired' })
  @ApiProblem(404, 'There is no signing key with this id')
  @ApiProblem(409, 'The key still signs')
  retire(@Param('kid') kid: string, @AdminOrigin() origin: RequestOrigin): Promise<void> {
    return this.rotation.retire(kid, origin);
  }
}
