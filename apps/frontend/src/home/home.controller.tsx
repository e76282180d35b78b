import { Controller, Get, Inject } from '@nestjs/common';
import { CONFIG, type FrontendConfig } from '../config.js';
import type { Answer } from '../http/page-result.js';
import { PublicPages } from '../page-access/pages.decorator.js';
import { type Viewer, ViewerPipe } from '../page-access/current-user.pipe.js';
import { FoundSession } from '../session/current-session.decorator.js';
import { HomePage, WelcomePage } from './home.page.js';

/** `GET /`: what this is, and the way in. */
@Controller()
@PublicPages()
export class HomeController {
  constructor(
    @Inject(CONFIG)
    private readonly config: Pick<FrontendConfig, 'NODE_ENV' | 'PUBLIC_URL' | 'BACKEND_URL' | 'ISSUER'>,
  ) {}

  @Get()
  home(@FoundSession(ViewerPipe) viewer: Viewer | undefined): Answer {
    const { NODE_ENV, PUBLIC_URL, BACKEND_URL, ISSUER } = this.config;
    const host = (url: string): string => new URL(url).host;
    const hosts = { frontend: host(PUBLIC_URL), backend: host(BACKEND_URL), provider: host(ISSUER) };
    if (viewer) return <WelcomePage viewer={viewer} hosts={hosts} />;
    return <HomePage hosts={hosts} demo={NODE_ENV !== 'production'} />;
  }
}
