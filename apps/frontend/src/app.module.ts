import { type DynamicModule, Module } from '@nestjs/common';
import { PAGE_ORIGIN } from '@trefoil/server-kit';
import { Backend } from './backend-client/backend-client.js';
import { BackendRequests } from './backend-client/backend-requests.js';
import { CONFIG, type FrontendConfig } from './config.js';
import { ViewerPipe } from './page-access/current-user.pipe.js';
import { ContactController } from './contacts/contact.controller.js';
import { ContactListController } from './contacts/contact-list.controller.js';
import { DownloadContactsController } from './contacts/download-contacts.controller.js';
import { EditContactController } from './contacts/edit-contact.controller.js';
import { NewContactController } from './contacts/new-contact.controller.js';
import { HomeController } from './home/home.controller.js';
import { ProfileController } from './profile/profile.controller.js';
import { Provider } from './provider-client/provider-client.js';
import { ProviderMetadata } from './provider-client/provider-metadata.js';
import { AccessTokens } from './access-tokens/access-tokens.js';
import { FormTokens } from './forms/form-token.js';
import { HeldForms } from './forms/kept-forms.js';
import { RefreshRetries } from './access-tokens/refresh-retrier.js';
import { SessionCookie } from './session/session-cookie.js';
import { SessionIndex } from './session/session-index.js';
import { Sessions } from './session/sessions.js';
import { LogoutTokens } from './back-channel-logout/logout-token-verifier.js';
import { BackChannelLogoutController } from './back-channel-logout/back-channel-logout.controller.js';
import { CallbackController } from './sign-in/callback.controller.js';
import { InitiatedLoginController } from './sign-in/initiated-login.controller.js';
import { LoginController } from './sign-in/login.controller.js';
import { LogoutController } from './sign-out/logout.controller.js';
import { SignInStarts } from './sign-in/sign-in-starts.js';
import { SignInTransactions } from './sign-in/sign-in-transactions.js';
import { Cookies } from './http/cookies.js';
import { Database } from './database/database.js';
import { housekeepingProvider } from './database/housekeeping.js';
import { Sealer } from './database/encryption.js';
import { stateStoreProvider } from './database/state-store.js';

const state = [Database, stateStoreProvider, housekeepingProvider, Sealer, Cookies];
const session = [SessionCookie, SessionIndex, Sessions, RefreshRetries, AccessTokens, FormTokens, HeldForms];
const signIn = [ProviderMetadata, Provider, SignInTransactions, SignInStarts, LogoutTokens];
const backend = [BackendRequests, Backend];

/** The frontend. */
@Module({
  controllers: [
    LoginController,
    CallbackController,
    LogoutController,
    InitiatedLoginController,
    BackChannelLogoutController,
    HomeController,
    ProfileController,
    ContactListController,
    DownloadContactsController,
    NewContactController,
    EditContactController,
    ContactController,
  ],
  providers: [...state, ...session, ...signIn, ...backend, ViewerPipe],
})
export class AppModule {
  static with(config: FrontendConfig): DynamicModule {
    return {
      module: AppModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: PAGE_ORIGIN, useValue: config.PUBLIC_URL },
      ],
    };
  }
}
