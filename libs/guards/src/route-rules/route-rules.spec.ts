import { Controller, Get, UseGuards } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { BearerGuard } from '../bearer/bearer.guard.js';
import { PublicRoute, UserRoute } from './route-rules.js';
import { ask, NotesController, startTestApp, stopTestApps } from '../testing/test-app.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { Token } from '../bearer/token.decorator.js';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await TestIssuer.create();
});
afterEach(stopTestApps);

const start = (options: Parameters<typeof startTestApp>[1] = {}) => startTestApp(issuer, options);
const userToken = () => issuer.userToken({ scope: 'notes:read' });

describe('a route rule', () => {
  it('for the public accepts every request, and ignores tokens', async () => {
    const app = await start();
    expect((await ask(app, '/about')).status).toBe(200);
    expect((await ask(app, '/about', 'Bearer garbage')).status).toBe(200);
  });

  it('of a controller applies to routes that have no rule of their own', async () => {
    const app = await start();
    expect((await ask(app, '/drafts')).status).toBe(401);
    expect((await ask(app, '/drafts', `Bearer ${await userToken()}`)).status).toBe(200);
    expect((await ask(app, '/drafts/about')).status).toBe(200);
  });

  it('is in the API documentation, with the required scopes', async () => {
    const { paths } = SwaggerModule.createDocument(await start(), new DocumentBuilder().build());
    const documented = ['/notes', '/export', '/about', '/drafts', '/drafts/about'].map(
      (path) => paths[path]?.get?.security,
    );
    expect(documented).toEqual([
      [{ user: ['notes:read'] }],
      [{ machine: ['notes:export'] }],
      undefined,
      [{ user: ['notes:read'] }],
      undefined,
    ]);
  });

  it('can be set only once', () => {
    expect(() => {
      class Twice {
        @UserRoute('a')
        @PublicRoute()
        route() {}
      }
      return Twice;
    }).toThrow('Twice.route has two route rules');
  });

  it('must be set for every route, or the app does not start', async () => {
    @Controller()
    class ForgottenController {
      @Get('one')
      one() {}

      @Get('two')
      @PublicRoute()
      two() {}

      @Get('three')
      three() {}
    }
    const starting = start({ controllers: [NotesController, ForgottenController] });
    await expect(starting).rejects.toThrow(/ForgottenController\.one has no route rule\nForgottenController\.three/);
    await expect(starting).rejects.not.toThrow('two');
  });
});

describe('an app that guards only some of its controllers', () => {
  @Controller('page')
  class PageController {
    @Get()
    page() {
      return { page: true };
    }
  }

  @Controller('api')
  @UseGuards(BearerGuard)
  class ApiController {
    @Get()
    @UserRoute('notes:read')
    read(@Token() { claims }: VerifiedAccessToken) {
      return { sub: claims.sub };
    }
  }

  it('requires tokens only there', async () => {
    const app = await start({ global: false, controllers: [PageController, ApiController] });
    expect((await ask(app, '/page')).status).toBe(200);
    expect((await ask(app, '/api')).status).toBe(401);
    expect((await ask(app, '/api', `Bearer ${await userToken()}`)).status).toBe(200);
  });

  it('does not start when a route has a rule and is not guarded', async () => {
    const starting = start({ global: false, controllers: [NotesController] });
    await expect(starting).rejects.toThrow('NotesController.list has a route rule and no BearerGuard');
  });

  it('does not start when a guarded route has no rule', async () => {
    @Controller('api')
    @UseGuards(BearerGuard)
    class ForgottenController {
      @Get()
      read() {}
    }
    const starting = start({ global: false, controllers: [ForgottenController] });
    await expect(starting).rejects.toThrow('ForgottenController.read has no route rule');
  });
});
