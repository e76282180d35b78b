import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProblemError } from '@trefoil/server-kit';
import { z } from 'zod';

const uuid = z.guid();

/** Takes the id in a path; what is no UUID is the id of no user: 404. */
@Injectable()
export class UserIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!uuid.safeParse(id).success) throw noSuchUser();
    return id;
  }
}

/** The answer for a user that does not exist, or is disabled. */
export const noSuchUser = (): ProblemError =>
  new ProblemError(404, 'Not Found', { detail: 'There is no user with this id.' });
