import { Controller, Get, Inject } from '@nestjs/common';
import { type CurrentUser, CurrentUserPipe, OptionalSession, type PageResult, PublicPages } from '@trefoil/web-server';
import { CONFIG, type FrontendConfig } from '../config.js';
import { HomePage, WelcomePage } from './home.page.js';

/** Shows the start page: `GET /`. */
@Controller()
@PublicPages()
export class HomeController {
  constructor(
    @Inject(CONFIG)
    private readonly config: Pick<FrontendConfig, 'NODE_ENV' | 'PUBLIC_URL' | 'BACKEND_URL' | 'ISSUER'>,
  ) {}

  @Get()
  home(@OptionalSession(CurrentUserPipe) user: CurrentUser | undefined): PageResult {
    const { NODE_ENV, PUBLIC_URL, BACKEND_URL, ISSUER } = this.config;
    const host = (url: string): string => new URL(url).host;
    const hosts = { frontend: host(PUBLIC_URL), backend: host(BACKEND_URL), provider: host(ISSUER) };
    if (user) return <WelcomePage user={user} hosts={hosts} />;
    return <HomePage hosts={hosts} demo={NODE_ENV !== 'production'} />;
  }
}
