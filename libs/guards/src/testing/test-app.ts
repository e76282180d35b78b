import { Body, Controller, Get, Inject, Injectable, Module, Post, type Provider, type Type } from '@nestjs/common';
import { createServer, DependencyUnavailableError } from '@trefoil/server-kit';
import type { GuardsOptions } from '../guards-options.js';
import { GuardsModule, type GuardsSetup } from '../guards.module.js';
import { RevocationList } from '../revocation/revocation-list.js';
import { MachineRoute, PublicRoute, UserRoute } from '../route-rules/route-rules.js';
import { ISSUER, NOW, RESOURCE, type TestIssuer } from './test-issuer.js';
import { Token } from '../bearer/token.decorator.js';
import { VerificationKeys } from '../verification-keys/verification-keys.js';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';

/** A controller with a route for each kind of rule. */
@Controller()
export class NotesController {
  @Get('notes')
  @UserRoute('notes:read')
  list(@Token() { claims, scopes, token }: VerifiedAccessToken) {
    return { sub: claims.sub, scopes: [...scopes], exp: claims.exp, token };
  }

  @Post('notes')
  @UserRoute('notes:read', 'notes:write')
  add(@Body() body: unknown) {
    return { body };
  }

  @Get('export')
  @MachineRoute('notes:export')
  export(@Token() { claims }: VerifiedAccessToken) {
    return { client: claims.client_id };
  }

  @Get('archive')
  @UserRoute('notes:read')
  @MachineRoute('notes:export')
  archive(@Token() { claims }: VerifiedAccessToken) {
    return { sub: claims.sub };
  }

  @Get('about')
  @PublicRoute()
  about() {
    return { about: 'notes' };
  }
}

/** A controller whose rules for both kinds of subjects apply to a route, and do not apply to another. */
@UserRoute('notes:read')
@MachineRoute('notes:export')
@Controller('backups')
export class BackupsController {
  @Get()
  list(@Token() { claims }: VerifiedAccessToken) {
    return { sub: claims.sub };
  }

  @Post()
  @MachineRoute('notes:export')
  start(@Token() { claims }: VerifiedAccessToken) {
    return { sub: claims.sub };
  }
}

/** A controller with a rule of its own, and a route with another rule. */
@UserRoute('notes:read')
@Controller('drafts')
export class DraftsController {
  @Get()
  list(@Token() { claims }: VerifiedAccessToken) {
    return { sub: claims.sub };
  }

  @Get('about')
  @PublicRoute()
  about() {
    return { about: 'drafts' };
  }
}

/** Keys and revocations of the app itself, as the provider has its own. */
@Injectable()
class Keys extends VerificationKeys {
  constructor(@Inject('issuer') private readonly source: VerificationKeys) {
    super();
  }
  find(kid: string, alg: TestIssuer['alg']) {
    return this.source.find(kid, alg);
  }
}

@Injectable()
class Revocations extends RevocationList {
  isRevoked({ jti }: { jti: string }): Promise<boolean> {
    if (jti === 'fault') throw new DependencyUnavailableError('revocation feed');
    return Promise.resolve(jti === 'revoked');
  }
}

type App = Awaited<ReturnType<typeof createServer>>;
const running = new Set<App>();

/** Stops the apps that a test started. */
export async function stopTestApps(): Promise<void> {
  for (const app of running) await app.close();
  running.clear();
}

/** Starts an app that verifies tokens with the given keys. */
export async function startTestApp(
  keys: VerificationKeys,
  options: Partial<GuardsOptions & GuardsSetup> & {
    controllers?: Type[];
    providers?: Provider[];
    usedProofs?: object;
    /** Settings of the server, such as its certificate. */
    settings?: Partial<Parameters<typeof createServer>[1]>;
  } = {},
) {
  const {
    controllers = [NotesController, BackupsController, DraftsController],
    providers = [],
    usedProofs,
    settings,
    ...guards
  } = options;
  const revocationList = guards.revocationList ?? Revocations;

  @Module({
    providers: [
      { provide: 'issuer', useValue: keys },
      { provide: 'used proofs', useValue: usedProofs },
      Keys,
      revocationList,
    ],
    exports: ['used proofs', Keys, revocationList],
  })
  class PartsModule {}

  @Module({
    imports: [
      GuardsModule.forRoot({
        issuer: ISSUER,
        resource: RESOURCE,
        realm: 'notes',
        userClients: ['frontend'],
        now: () => NOW * 1000,
        global: true,
        imports: [PartsModule],
        verificationKeys: Keys,
        revocationList,
        stateStore: usedProofs && 'used proofs',
        ...guards,
      }),
    ],
    controllers,
    providers,
  })
  class AppModule {}

  const app = await createServer(
    { name: 'notes', module: AppModule, surfaceOf: () => 'api' },
    { LOG_LEVEL: 'fatal', TRUSTED_PROXIES: 0, ...settings },
  );
  running.add(app);
  return app;
}

/** Sends a request to an app, and returns the parts of the response that tests check. */
export async function ask(app: App, url: string, authorization?: string, more: Record<string, string> = {}) {
  const headers = { ...more, ...(authorization !== undefined && { authorization }) };
  const { statusCode, headers: answered, body } = await app.inject({ url, headers });
  return {
    status: statusCode,
    challenge: answered['www-authenticate'],
    nonce: answered['dpop-nonce'],
    type: String(answered['content-type']).split(';')[0],
    body: JSON.parse(body) as unknown,
  };
}
