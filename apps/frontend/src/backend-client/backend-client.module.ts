import { Global, Module } from '@nestjs/common';
import { ApiClientModule, NAME_SOURCE } from '@trefoil/web-server';
import { BackendClient } from './backend-client.js';
import { ProfileNames } from './profile-names.js';

/** The backend's API, called for the user of a session. It is global, because the sign-in takes names from it. */
@Global()
@Module({
  imports: [ApiClientModule],
  providers: [BackendClient, { provide: NAME_SOURCE, useClass: ProfileNames }],
  exports: [BackendClient, NAME_SOURCE],
})
export class BackendClientModule {}
