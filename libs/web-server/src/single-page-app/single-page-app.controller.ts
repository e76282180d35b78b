import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { contentSecurityPolicy, ProblemError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AppFile, AppFiles } from './app-files.js';

/** The app runs only its own scripts, and they connect only to this server: a token could not leave even if it were there. */
const POLICY = contentSecurityPolicy({ scripts: ["'self'"], connections: ["'self'"] });
/** The names of these files contain a hash of their content, as Vite makes them. */
const HASHED = /^assets\//;

/** Serves the single-page app: `GET /app/…`. Paths that are no file belong to the router of the app. */
@Controller('app')
export class SinglePageAppController {
  constructor(private readonly files: AppFiles) {}

  @Get()
  root(@Res() reply: FastifyReply): void {
    void reply.redirect('/app/', 303);
  }

  @Get('*')
  file(@Param('*') path: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const isPage = !path.includes('.');
    const file = isPage ? this.files.index : this.files.find(path);
    if (!file) throw new ProblemError(404, 'Not Found', { detail: 'There is nothing at this address.' });
    const cacheControl = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
    void reply.headers({ 'Cache-Control': cacheControl, 'Content-Security-Policy': POLICY });
    send(file, request, reply);
  }
}

function send({ content, contentType, etag }: AppFile, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('ETag', etag);
  if (request.headers['if-none-match'] === etag) void reply.status(304).send();
  else void reply.type(contentType).send(content);
}
