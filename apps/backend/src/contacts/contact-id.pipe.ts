import { Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { noSuchContact } from './contacts.js';

const uuid = z.uuid();

/** Takes the id in a path; what is no UUID is the id of no contact: 404. */
@Injectable()
export class ContactIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!uuid.safeParse(id).success) throw noSuchContact();
    return id;
  }
}
