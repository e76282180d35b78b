import { Controller, Get, UseGuards } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { BearerGuard } from '../bearer/bearer.guard.js';
import { MachineRoute, PublicRoute, UserRoute } from './route-rules.js';
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
    const documented = ['/notes', '/export', '/archive', '/backups', '/about', '/drafts', '/drafts/about'].map(
      (path) => paths[path]?.get?.security,
    );
    expect(documented).toEqual([
      [{ user: ['notes:read'] }],
      [{ machine: ['notes:export'] }],
      [{ machine: ['notes:export'] }, { user: ['notes:read'] }],
      [{ machine: ['notes:export'] }, { user: ['notes:read'] }],
      undefined,
      [{ user: ['notes:read'] }],
      undefined,
    ]);
  });

  it('of a method replaces both rules of its controller', async () => {
    const app = await start();
    const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(paths['/backups']?.post?.security).toEqual([{ machine: ['notes:export'] }]);
    const authorization = `Bearer ${await userToken()}`;
    expect((await app.inject({ method: 'POST', url: '/backups', headers: { authorization } })).statusCode).toBe(403);
    expect((await app.inject({ method: 'GET', url: '/backups', headers: { authorization } })).statusCode).toBe(200);
  });

  it.each([
    ['a rule and openness to the public', UserRoute('a'), PublicRoute()],
    ['openness to the public and a rule', PublicRoute(), MachineRoute('a')],
    ['two rules for users', UserRoute('a'), UserRoute('b')],
    ['two rules for machines', MachineRoute('a'), MachineRoute('b')],
  ])('is refused for %s on one route', (_, first, second) => {
    expect(() => {
      class Twice {
        @first
        @second
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
