import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProblemError } from '@trefoil/server-kit';
import { z } from 'zod';

const uuid = z.guid();

/** Passes the user id in a path on. Answers 404 when it is not a UUID, because no user can have it. */
@Injectable()
export class UserIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!uuid.safeParse(id).success) throw noSuchUser();
    return id;
  }
}

/** Returns the 404 error for a user who does not exist or is disabled. */
export const noSuchUser = (): ProblemError =>
  new ProblemError(404, 'Not Found', { detail: 'There is no user with this id.' });
