import { Controller, Get, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClientAdministration } from '../../clients/administration/client-administration.js';
import type { Client } from '../../clients/client.entity.js';
import { Disablements } from '../../issued-tokens/disablements.js';
import { pathOf } from '../forms/admin-visit.js';
import { AdminVisits } from '../forms/admin-visits.js';
import { askConfirmation, type ConfirmedSection, runConfirmed } from '../forms/confirmed-action.js';
import { attempt } from '../forms/refused-form.js';
import { overlapOf, RotateSecretPage, ROTATION, sendClientSecret } from './client-secret.page.js';

const SECTION = '/admin/clients';

/** Serves the pages on which administrators confirm what happens to one client. */
@Controller('admin/clients')
@UseGuards(SameOriginGuard)
export class ClientActionsController {
  private readonly section: ConfirmedSection<Client>;

  constructor(
    private readonly visits: AdminVisits,
    private readonly clients: ClientAdministration,
    disablements: Disablements,
  ) {
    this.section = {
      path: SECTION,
      find: (id) => clients.find(id),
      actions: clientActions(clients, disablements),
    };
  }

  @Get('rotate-secret')
  async rotationForm(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    visit.send(<RotateSecretPage page={visit.page} client={await this.clients.find(visit.id)} />);
  }

  @Post('rotate-secret')
  async rotateSecret(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const client = await this.clients.find(visit.id);
    const overlapSeconds = overlapOf(visit.form.get('overlap'));
    const { refused, done } = await attempt(ROTATION, () =>
      this.clients.rotateSecret(client.clientId, { overlapSeconds }, visit.origin),
    );
    if (refused) {
      return visit.send(<RotateSecretPage page={visit.page} client={client} refused={refused} />, refused.status);
    }
    sendClientSecret(visit, client.clientId, done.secret, 'The secret was replaced');
  }

  @Get(':action')
  async ask(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('action') name: string): Promise<void> {
    await askConfirmation(await this.visits.open(request, reply), this.section, name);
  }

  @Post(':action')
  async run(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Param('action') name: string): Promise<void> {
    await runConfirmed(await this.visits.submitted(request, reply), this.section, name);
  }
}

function clientActions(clients: ClientAdministration, disablements: Disablements): ConfirmedSection<Client>['actions'] {
  const back = ({ clientId }: Client) => pathOf(`${SECTION}/edit`, clientId);
  const shown = (done: string) => ({
    back,
    next: ({ clientId }: Client) => pathOf(`${SECTION}/edit`, clientId, { done }),
  });
  return {
    disable: {
      title: ({ clientName }) => `Disable ${clientName}?`,
      effects: [
        'Every grant and every token of the client ends, and the access of all its users.',
        'It gets no tokens until an administrator enables it again.',
      ],
      button: 'Disable',
      isDangerous: true,
      run: ({ clientId }, origin) => disablements.disableClient(clientId, origin),
      ...shown('disable'),
    },
    enable: {
      title: ({ clientName }) => `Enable ${clientName}?`,
      effects: ['The client can get tokens again. Grants and tokens that have ended stay ended.'],
      button: 'Enable',
      isDangerous: false,
      run: ({ clientId }, origin) => disablements.enableClient(clientId, origin),
      ...shown('enable'),
    },
    delete: {
      title: ({ clientName }) => `Delete ${clientName}?`,
      effects: [
        'The registration is deleted for good, with its secrets and the consent of its users.',
        'Every grant and every token of the client ends, and the access of all its users.',
      ],
      button: 'Delete',
      isDangerous: true,
      run: ({ clientId }, origin) => clients.remove(clientId, origin),
      back,
      next: () => `${SECTION}?done=deleted`,
    },
  };
}
