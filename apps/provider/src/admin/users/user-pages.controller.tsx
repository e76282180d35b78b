import { Controller, Get, Post, Req, Res, UseGuards } from '@nestjs/common';
import { checkIfMatch, contentTagOf } from '@trefoil/resource-api';
import { SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UserAdministration } from '../../users/administration/user-administration.js';
import { userJson } from '../../users/user-json.js';
import type { User } from '../../users/user.entity.js';
import { pathOf } from '../forms/admin-visit.js';
import { AdminVisits } from '../forms/admin-visits.js';
import { readText } from '../forms/form-fields.js';
import { readListedPage } from '../forms/list.page.js';
import { attempt } from '../forms/refused-form.js';
import { ShownOncePage } from '../forms/shown-once.page.js';
import { EditUserPage, NewUserPage } from './user-form.page.js';
import { EDITED_USER, NEW_USER, newUserOf, userPatchOf, userText } from './user-form.js';
import { UserListPage } from './user-list.page.js';

/** Serves `/admin/users`, where administrators list, add and edit users. */
@Controller('admin/users')
@UseGuards(SameOriginGuard)
export class UserPagesController {
  constructor(
    private readonly visits: AdminVisits,
    private readonly users: UserAdministration,
  ) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    const list = await readListedPage(
      visit,
      (range) => this.users.page(range),
      ({ email }) => email,
    );
    visit.send(<UserListPage page={visit.page} list={list} />);
  }

  @Get('new')
  async form(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    visit?.send(<NewUserPage page={visit.page} text={{}} />);
  }

  @Post('new')
  async create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const text = readText(visit.form, NEW_USER);
    const { refused, done } = await attempt(NEW_USER, () => this.users.create(newUserOf(text), visit.origin));
    if (refused) return visit.send(<NewUserPage page={visit.page} text={text} refused={refused} />, refused.status);
    const { user, password } = done;
    const path = pathOf('/admin/users/edit', user.id, { done: 'created' });
    if (password === undefined) return visit.redirect(path);
    visit.send(
      <ShownOncePage
        page={visit.page}
        section="/admin/users"
        title="The user was added"
        facts={[{ term: 'E-mail address', description: user.email }]}
        label="Password"
        secret={password}
        next={{ href: path, label: 'To the user' }}
      />,
    );
  }

  @Get('edit')
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.open(request, reply);
    if (!visit) return;
    const user = await this.users.find(visit.id);
    const text = userText(userJson(user));
    const done = visit.query.get('done');
    visit.send(<EditUserPage page={visit.page} user={user} version={versionOf(user)} text={text} done={done} />);
  }

  @Post('edit')
  async edit(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const visit = await this.visits.submitted(request, reply);
    if (!visit) return;
    const user = await this.users.find(visit.id);
    const text = readText(visit.form, EDITED_USER);
    const version = visit.form.get('version');
    const { refused } = await attempt(EDITED_USER, () =>
      this.users.update(user.id, userPatchOf(text, userJson(user)), visit.origin, (present) =>
        checkIfMatch(version, versionOf(present), 'user'),
      ),
    );
    if (!refused) return visit.redirect(pathOf('/admin/users/edit', user.id, { done: 'saved' }));
    visit.send(
      <EditUserPage page={visit.page} user={user} version={versionOf(user)} text={text} refused={refused} />,
      refused.status,
    );
  }
}

const versionOf = (user: User): string => contentTagOf(userJson(user));
