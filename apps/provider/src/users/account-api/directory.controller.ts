import { Controller, Get, Header, Param, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DirectoryEntry } from '@trefoil/dto';
import { ApiProblem, BearerGuard, MachineRoute } from '@trefoil/guards';
import { Users } from '../users.js';
import { noSuchUser, UserIdPipe } from './user-id.pipe.js';

/** Serves `/api/users/:id`: the name and e-mail address of a user, for servers that know only the id. */
@ApiTags('Directory')
@Controller('api/users')
@UseGuards(BearerGuard)
@MachineRoute('directory:read')
export class DirectoryController {
  constructor(private readonly users: Users) {}

  @Get(':id')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Look up a user' })
  @ApiOkResponse({ description: 'The user', standardSchema: DirectoryEntry })
  @ApiProblem(404, 'There is no user with this id')
  async read(@Param('id', UserIdPipe) id: string): Promise<DirectoryEntry> {
    const user = await this.users.find(id);
    if (!user) throw noSuchUser();
    const { email, claims } = user;
    return { sub: user.id, name: claims.name ?? claims.preferred_username ?? email, email };
  }
}
