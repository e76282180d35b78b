import { Controller, Get, Res } from '@nestjs/common';
import { stylesheet } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';

/** Serves the style sheet of the pages. Its URL changes with its content, so that browsers can cache it for ever. */
@Controller()
export class StyleSheetController {
  @Get(stylesheet.path)
  get(@Res() reply: FastifyReply): void {
    void reply
      .header('Cache-Control', 'public, max-age=31536000, immutable')
      .header('ETag', stylesheet.etag)
      .type(stylesheet.contentType)
      .send(stylesheet.body);
  }
}
