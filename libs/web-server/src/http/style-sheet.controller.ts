import { Controller, Get, Res } from '@nestjs/common';
import { stylesheet } from '@trefoil/ui';
import type { FastifyReply } from 'fastify';

/** Serves the style sheet. Its path contains a hash of its content, so caches may keep it for ever. */
@Controller()
export class StyleSheetController {
  @Get(stylesheet.path)
  get(@Res() reply: FastifyReply): void {
    void reply
      .headers({ ETag: stylesheet.etag, 'Cache-Control': 'public, max-age=31536000, immutable' })
      .type(stylesheet.contentType)
      .send(stylesheet.body);
  }
}
