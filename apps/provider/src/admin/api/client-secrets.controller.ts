import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblem } from '@trefoil/guards';
import { z } from 'zod';
import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { ClientSecretJson, clientSecretJson } from '../../clients/administration/client-json.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { AdminApi, AdminOrigin, AdminRead, AdminWrite } from './admin-api.decorators.js';

const DAY = 24 * 3600;
const LONGEST_OVERLAP = 3650 * DAY;

const ClientSecrets = z.object({ items: z.array(ClientSecretJson) });

const Rotation = z
  .strictObject({
    /** How long old secrets stay valid, in seconds. */
    overlap_seconds: z.int().min(0).max(LONGEST_OVERLAP).default(DAY),
  })
  .default({ overlap_seconds: DAY });

const NewSecret = z.object({
  client_id: z.string(),
  secret_id: z.uuid(),
  client_secret: z.string(),
  overlap_seconds: z.int(),
});

/** Serves `/api/admin/clients/{client_id}/secrets`: the secrets of a client. */
@AdminApi('clients/:client_id/secrets')
export class ClientSecretsController {
  constructor(private readonly clients: ClientAdministration) {}

  @Get()
  @AdminRead()
  @ApiOperation({ summary: 'List the secrets of a client, the newest first' })
  @ApiOkResponse({ description: 'When each was created, last used and expires', standardSchema: ClientSecrets })
  @ApiProblem(404, 'There is no client with this id')
  async list(@Param('client_id') clientId: string): Promise<z.infer<typeof ClientSecrets>> {
    return { items: (await this.clients.listSecrets(clientId)).map(clientSecretJson) };
  }

  @Post()
  @AdminWrite()
  @ApiOperation({ summary: 'Give a client a new secret; old secrets expire after an overlap' })
  @ApiCreatedResponse({ description: 'The new secret, which is shown only now', standardSchema: NewSecret })
  @ApiProblem(404, 'There is no client with this id')
  @ApiProblem(409, 'The client does not authenticate with a secret')
  async rotate(
    @Param('client_id') clientId: string,
    @Body({ schema: Rotation }) { overlap_seconds }: z.output<typeof Rotation>,
    @AdminOrigin() origin: RequestOrigin,
  ): Promise<z.infer<typeof NewSecret>> {
    const { id, secret } = await this.clients.rotateSecret(clientId, { overlapSeconds: overlap_seconds }, origin);
    return { client_id: clientId, secret_id: id, client_secret: secret, overlap_seconds };
  }
}
