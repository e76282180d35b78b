import { Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { z } from 'zod';
import { KeyRotation } from '../../keys/key-rotation.js';
import { SigningKeyJson, signingKeyJson } from '../../keys/signing-key-json.js';
import { AdminApi, AdminRead } from './admin-api.decorators.js';

const SigningKeys = z.object({ items: z.array(SigningKeyJson) });

/** Serves `/api/admin/signing-keys`: the keys that sign tokens. */
@AdminApi('signing-keys')
export class SigningKeysController {
  constructor(private readonly rotation: KeyRotation) {}

  @Get()
  @AdminRead()
  @ApiOperation({ summary: 'List the signing keys, the newest first' })
  @ApiOkResponse({ description: 'Every key, without its private part', standardSchema: SigningKeys })
  async list(): Promise<z.infer<typeof SigningKeys>> {
    return { items: (await this.rotation.list()).map(signingKeyJson) };
  }
}
