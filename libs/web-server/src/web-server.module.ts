import { type DynamicModule, Module } from '@nestjs/common';
import { ApiClientModule } from './api-client/api-client.module.js';
import { Apis } from './apis/apis.js';
import { BackChannelLogoutModule } from './back-channel-logout/back-channel-logout.module.js';
import { BffModule } from './bff/bff.module.js';
import { CONFIG, type WebServerConfig } from './config.js';
import { DatabaseModule } from './database/database.module.js';
import { HttpModule } from './http/http.module.js';
import { SignInModule } from './sign-in/sign-in.module.js';
import { SignOutModule } from './sign-out/sign-out.module.js';
import { SinglePageAppModule } from './single-page-app/single-page-app.module.js';
import { WEB_SERVER, type WebServer } from './description.js';

/**
 * Builds the parts that every web server has: sessions and their storage, the sign-in and the sign-out, the back-channel
 * logout, the access tokens of each API, and the routes for scripts of a single-page app. The modules of pages import
 * `PageAccessModule`, and `ApiClientModule` to call an API.
 *
 * @example
 * ```ts
 * @Module({ imports: [HomeModule, InvoicesModule] })
 * export class AppModule {
 *   static with(config: PortalConfig): DynamicModule {
 *     return { module: AppModule, imports: [WebServerModule.forRoot(portal, config)] };
 *   }
 * }
 * ```
 */
@Module({})
export class WebServerModule {
  static forRoot<Config extends WebServerConfig>(server: WebServer<Config>, config: Config): DynamicModule {
    const [first, ...others] = server.apis(config);
    return {
      module: WebServerModule,
      global: true,
      imports: [
        DatabaseModule,
        HttpModule,
        SignInModule,
        SignOutModule,
        BackChannelLogoutModule,
        BffModule,
        SinglePageAppModule,
        ApiClientModule,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: WEB_SERVER, useValue: server },
        { provide: Apis, useValue: new Apis([first, ...others, ...(config.APIS ?? [])]) },
      ],
      exports: [CONFIG, WEB_SERVER, Apis],
    };
  }
}
