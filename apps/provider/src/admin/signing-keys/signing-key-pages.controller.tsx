import { Controller, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ProblemError, SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KeyLifecycle } from '../../keys/key-lifecycle.js';
import { KeyRotation } from '../../keys/key-rotation.js';
import { OFFERED_ALGORITHMS } from '../../keys/offered-algorithms.js';
import { AdminVisits } from '../forms/admin-visits.js';
import { askConfirmation, type ConfirmedSection, runConfirmed } from '../forms/confirmed-action.js';
import { RotateKeysPage, SigningKeyListPage } from './signing-key.page.js';

const SECTION = '/admin/signing-keys';

/** Serves `/admin/signing-keys`, where administrators list, replace and retire the keys that sign tokens. */
@Controller('admin/signing-keys')
@UseGuards(SameOriginGuard)
export class SigningKeyPagesController {
  private readonly section: ConfirmedSection<KeyLifecycle> = {
    path: SECTION,
    find: (id) => this.find(id),
    actions: {
      retire: {
        title: ({ kid }) => `Retire the key ${kid}?`,
        effects: [
          'Everything that this key signed becomes invalid: access tokens, ID tokens and logout tokens.',
          'Replace the keys of its algorithm first. Retire a key only when it has leaked.',
        ],
        button: 'Retire',
        isDangerous: true,
        run: ({ kid }, origin) => this.rotation.retire(kid, origin),
        next: () => `${SECTION}?done=retired`,
        back: () => SECTION,
      },
    },
  };

  constructor(
    private readonly visits: AdminVisits,
    private readonly rotation: KeyRotation,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    const keys = await this.rotation.list();
    visit.send(<SigningKeyListPage page={visit.page} keys={keys} done={visit.query.get('done')} />);
  }

  @Get('rotate')
  async rotationForm(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    visit?.send(<RotateKeysPage page={visit.page} />);
  }

  @Post('rotate')
  async rotate(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const chosen = visit.form.get('alg');
    const algorithm = OFFERED_ALGORITHMS.find((offered) => offered === chosen);
    if (chosen !== undefined && algorithm === undefined) throw new ProblemError(400, 'Bad Request');
    await this.rotation.rotate(algorithm, { immediately: visit.form.has('immediately'), origin: visit.origin });
    visit.redirect(`${SECTION}?done=rotated`);
  }

  @Get('retire')
  async ask(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await askConfirmation(await this.visits.open(request, reply), this.section, 'retire');
  }

  @Post('retire')
  async retire(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await runConfirmed(await this.visits.submitted(request, reply), this.section, 'retire');
  }

  private async find(kid: string): Promise<KeyLifecycle> {
    const key = (await this.rotation.list()).find((each) => each.kid === kid);
    if (!key) throw new ProblemError(404, 'Not Found');
    return key;
  }
}
