import { Controller, Get, Header, Param, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DirectoryEntry } from '@trefoil/dto';
import { ApiProblem, BearerGuard, MachineRoute } from '@trefoil/guards';
import { UuidPipe } from '@trefoil/resource-api';
import { ProblemError } from '@trefoil/server-kit';
import { Users } from '../users.js';

/** Returns the 404 error for a user who does not exist or is disabled. */
const noSuchUser = (): ProblemError => new ProblemError(404, 'Not Found', { detail: 'There is no user with this id.' });

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
  async read(@Param('id', new UuidPipe(noSuchUser)) id: string): Promise<DirectoryEntry> {
    const user = await this.users.find(id);
    if (!user) throw noSuchUser();
    const { email, claims } = user;
    return { sub: user.id, name: claims.name ?? claims.preferred_username ?? email, email };
  }
}
