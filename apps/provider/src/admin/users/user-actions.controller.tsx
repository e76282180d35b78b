import { Controller, Get, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Disablements } from '../../issued-tokens/disablements.js';
import { UserAdministration } from '../../users/administration/user-administration.js';
import { UserPasswords } from '../../users/administration/user-passwords.js';
import { UserRemoval } from '../../users/administration/user-removal.js';
import type { User } from '../../users/user.entity.js';
import { pathOf } from '../forms/admin-visit.js';
import { AdminVisits } from '../forms/admin-visits.js';
import { askConfirmation, type ConfirmedSection, runConfirmed } from '../forms/confirmed-action.js';
import { attempt } from '../forms/refused-form.js';
import { ShownOncePage } from '../forms/shown-once.page.js';
import { UserPasswordPage } from './user-form.page.js';
import { PASSWORD } from './user-form.js';

const SECTION = '/admin/users';

/** Serves the pages on which administrators confirm what happens to one user. */
@Controller('admin/users')
@UseGuards(SameOriginGuard)
export class UserActionsController {
  private readonly section: ConfirmedSection<User>;

  constructor(
    private readonly visits: AdminVisits,
    private readonly users: UserAdministration,
    private readonly passwords: UserPasswords,
    removal: UserRemoval,
    disablements: Disablements,
  ) {
    this.section = {
      path: SECTION,
      find: (id) => users.find(id),
      actions: userActions(users, removal, disablements),
    };
  }

  @Get('password')
  async passwordForm(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    visit.send(<UserPasswordPage page={visit.page} user={await this.users.find(visit.id)} />);
  }

  @Post('password')
  async setPassword(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const user = await this.users.find(visit.id);
    const { refused, done } = await attempt(PASSWORD, () =>
      this.passwords.set(user.id, visit.form.get('password'), visit.origin),
    );
    if (refused) {
      return visit.send(<UserPasswordPage page={visit.page} user={user} refused={refused} />, refused.status);
    }
    const path = pathOf(`${SECTION}/edit`, user.id, { done: 'password' });
    if (done.password === undefined) return visit.redirect(path);
    visit.send(
      <ShownOncePage
        page={visit.page}
        section={SECTION}
        title="The password was set"
        facts={[{ term: 'E-mail address', description: user.email }]}
        label="Password"
        secret={done.password}
        next={{ href: path, label: 'To the user' }}
      />,
    );
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

function userActions(
  users: UserAdministration,
  removal: UserRemoval,
  disablements: Disablements,
): ConfirmedSection<User>['actions'] {
  const back = ({ id }: User) => pathOf(`${SECTION}/edit`, id);
  const shown = (done: string) => ({
    back,
    next: ({ id }: User) => pathOf(`${SECTION}/edit`, id, { done }),
  });
  return {
    disable: {
      title: ({ email }) => `Disable ${email}?`,
      effects: [
        'Every session of the user ends, and all access they gave.',
        'They cannot sign in until an administrator enables them again.',
      ],
      button: 'Disable',
      isDangerous: true,
      run: ({ id }, origin) => disablements.disableUser(id, origin),
      ...shown('disable'),
    },
    enable: {
      title: ({ email }) => `Enable ${email}?`,
      effects: ['The user can sign in again. Sessions and access that have ended stay ended.'],
      button: 'Enable',
      isDangerous: false,
      run: ({ id }, origin) => disablements.enableUser(id, origin),
      ...shown('enable'),
    },
    'make-administrator': {
      title: ({ email }) => `Make ${email} an administrator?`,
      effects: ['An administrator can change every user, client, resource server and key of this installation.'],
      button: 'Make an administrator',
      isDangerous: true,
      run: ({ id }, origin) => users.update(id, { administrator: true }, origin),
      ...shown('make-administrator'),
    },
    'unmake-administrator': {
      title: ({ email }) => `Remove ${email} as administrator?`,
      effects: ['The user can no longer open the administration. Their account stays as it is.'],
      button: 'Remove as administrator',
      isDangerous: true,
      run: ({ id }, origin) => users.update(id, { administrator: false }, origin),
      ...shown('unmake-administrator'),
    },
    delete: {
      title: ({ email }) => `Delete ${email}?`,
      effects: [
        'The account is deleted for good, with all personal data.',
        'Every session of the user ends, and all access they gave. Applications are told.',
      ],
      button: 'Delete',
      isDangerous: true,
      run: ({ id }, origin) => removal.remove(id, origin),
      back,
      next: () => `${SECTION}?done=deleted`,
    },
  };
}
