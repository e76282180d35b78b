import { Body, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblem } from '@trefoil/guards';
import { ApiIfMatch, checkIfMatch, contentTagOf, UuidPipe } from '@trefoil/resource-api';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { noSuchObject } from '../../http/refusal.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { Disablements } from '../../issued-tokens/disablements.js';
import { UserAdministration, type UserWithPassword } from '../../users/administration/user-administration.js';
import { PasswordInput, UserInput, UserPatch } from '../../users/administration/user-input.js';
import { UserPasswords } from '../../users/administration/user-passwords.js';
import { UserRemoval } from '../../users/administration/user-removal.js';
import { UserJson, userJson } from '../../users/user-json.js';
import type { User } from '../../users/user.entity.js';
import { AdminApi, AdminOrigin, AdminRead, AdminWrite } from './admin-api.decorators.js';
import { type AdminPage, pageOf, readPage, SearchQuery } from './pages.js';

const NO_USER = 'There is no user with this id';
const LAST_ADMINISTRATOR = 'The user is the only enabled administrator';

const UserWithPasswordJson = UserJson.extend({ password: z.string().optional() });
type UserWithPasswordJson = z.infer<typeof UserWithPasswordJson>;

const PasswordBody = PasswordInput.default({});

const UserId = () => Param('sub', new UuidPipe(() => noSuchObject(`${NO_USER}.`)));

/** Serves `/api/admin/users`: the users, with the standard claims of OpenID Connect. */
@AdminApi('users')
export class UsersController {
  constructor(
    private readonly users: UserAdministration,
    private readonly passwords: UserPasswords,
    private readonly removal: UserRemoval,
    private readonly disablements: Disablements,
  ) {}

  @Get()
  @AdminRead()
  @ApiOperation({
    summary: 'List the users by e-mail address, including disabled ones',
    description: '`search` is a text that the e-mail address or the name contains, in any case.',
  })
  @ApiOkResponse({ description: 'One page', standardSchema: pageOf(UserJson) })
  list(@Query({ schema: SearchQuery }) query: SearchQuery): Promise<AdminPage<UserJson>> {
    return readPage(
      query,
      (range) => this.users.page({ ...range, search: query.search }),
      ({ email }) => email,
      userJson,
    );
  }

  @Post()
  @AdminWrite()
  @ApiOperation({
    summary: 'Register a user',
    description: 'Without a password, one is generated. Without `email_verified`, the address counts as verified.',
  })
  @ApiCreatedResponse({
    description: 'The user, with the generated password, which is shown only now',
    standardSchema: UserWithPasswordJson,
  })
  @ApiProblem(409, 'The e-mail address or the id is taken; `errors` names the field')
  async create(
    @Body({ schema: UserInput }) input: UserInput,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserWithPasswordJson> {
    const created = await this.users.create(input, origin);
    void reply.header('Location', `/api/admin/users/${created.user.id}`);
    return represent(created, reply);
  }

  @Get(':sub')
  @AdminRead()
  @ApiOperation({ summary: 'Read a user' })
  @ApiOkResponse({ description: 'The user. `ETag` names the version', standardSchema: UserJson })
  @ApiProblem(404, NO_USER)
  async read(@UserId() id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<UserWithPasswordJson> {
    return represent({ user: await this.users.find(id) }, reply);
  }

  @Patch(':sub')
  @AdminWrite()
  @ApiOperation({
    summary: 'Change a user',
    description:
      'Sets the members that are given, removes those that are `null`, and keeps those that are absent (RFC 7396).',
  })
  @ApiIfMatch()
  @ApiOkResponse({ description: 'The changed user', standardSchema: UserJson })
  @ApiProblem(404, NO_USER)
  @ApiProblem(409, `The e-mail address is taken, or ${LAST_ADMINISTRATOR.toLowerCase()}`)
  async change(
    @UserId() id: string,
    @Body({ schema: UserPatch }) patch: UserPatch,
    @Headers('If-Match') ifMatch: string | undefined,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserWithPasswordJson> {
    return represent({ user: await this.users.update(id, patch, origin, matching(ifMatch)) }, reply);
  }

  @Delete(':sub')
  @AdminWrite()
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a user with all their data, sessions and grants' })
  @ApiIfMatch()
  @ApiNoContentResponse({ description: 'The user is deleted' })
  @ApiProblem(404, NO_USER)
  @ApiProblem(409, LAST_ADMINISTRATOR)
  remove(
    @UserId() id: string,
    @Headers('If-Match') ifMatch: string | undefined,
    @AdminOrigin() origin: RequestOrigin,
  ): Promise<void> {
    return this.removal.remove(id, origin, matching(ifMatch));
  }

  @Post(':sub/password')
  @AdminWrite()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Set the password of a user and end all their sessions and grants',
    description: 'Without a password, one is generated.',
  })
  @ApiOkResponse({
    description: 'The user, with the generated password, which is shown only now',
    standardSchema: UserWithPasswordJson,
  })
  @ApiProblem(404, NO_USER)
  async setPassword(
    @UserId() id: string,
    @Body({ schema: PasswordBody }) { password }: PasswordInput,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserWithPasswordJson> {
    return represent(await this.passwords.set(id, password, origin), reply);
  }

  @Post(':sub/disable')
  @AdminWrite()
  @HttpCode(200)
  @ApiOperation({ summary: 'Disable a user and end all their sessions and grants' })
  @ApiOkResponse({ description: 'The disabled user', standardSchema: UserJson })
  @ApiProblem(404, NO_USER)
  @ApiProblem(409, LAST_ADMINISTRATOR)
  async disable(
    @UserId() id: string,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserWithPasswordJson> {
    await this.disablements.disableUser(id, origin);
    return this.read(id, reply);
  }

  @Post(':sub/enable')
  @AdminWrite()
  @HttpCode(200)
  @ApiOperation({ summary: 'Enable a disabled user, who then has to sign in again' })
  @ApiOkResponse({ description: 'The enabled user', standardSchema: UserJson })
  @ApiProblem(404, NO_USER)
  async enable(
    @UserId() id: string,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UserWithPasswordJson> {
    await this.disablements.enableUser(id, origin);
    return this.read(id, reply);
  }
}

function represent({ user, password }: UserWithPassword, reply: FastifyReply): UserWithPasswordJson {
  const json = userJson(user);
  void reply.header('ETag', contentTagOf(json));
  return { ...json, ...(password !== undefined && { password }) };
}

const matching = (ifMatch: string | undefined) => (present: User) =>
  checkIfMatch(ifMatch, contentTagOf(userJson(present)), 'user');
