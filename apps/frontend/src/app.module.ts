import { type DynamicModule, Module } from '@nestjs/common';
import { PAGE_ORIGIN } from '@trefoil/server-kit';
import { Backend } from './backend-client/backend.js';
import { BackendRequests } from './backend-client/backend-requests.js';
import { CONFIG, type FrontendConfig } from './config.js';
import { ViewerPipe } from './layout/viewer.js';
import { ContactController } from './pages/contacts/contact.controller.js';
import { ContactListController } from './pages/contacts/contact-list.controller.js';
import { DownloadContactsController } from './pages/contacts/download-contacts.controller.js';
import { EditContactController } from './pages/contacts/edit-contact.controller.js';
import { NewContactController } from './pages/contacts/new-contact.controller.js';
import { HomeController } from './pages/home/home.controller.js';
import { ProfileController } from './pages/profile/profile.controller.js';
import { Provider } from './provider-client/provider.js';
import { ProviderMetadata } from './provider-client/provider-metadata.js';
import { AccessTokens } from './session/access-tokens.js';
import { FormTokens } from './session/form-token.js';
import { HeldForms } from './session/held-forms.js';
import { RefreshRetries } from './session/refresh-retries.js';
import { SessionCookie } from './session/session-cookie.js';
import { SessionIndex } from './session/session-index.js';
import { Sessions } from './session/sessions.js';
import { LogoutTokens } from './back-channel-logout/logout-tokens.js';
import { BackChannelLogoutController } from './back-channel-logout/back-channel-logout.controller.js';
import { CallbackController } from './sign-in/callback.controller.js';
import { InitiatedLoginController } from './sign-in/initiated-login.controller.js';
import { LoginController } from './sign-in/login.controller.js';
import { LogoutController } from './sign-in/logout.controller.js';
import { SignInStarts } from './sign-in/sign-in-starts.js';
import { SignInTransactions } from './sign-in/sign-in-transactions.js';
import { Cookies } from './state/cookies.js';
import { Database } from './state/database.js';
import { housekeepingProvider } from './state/housekeeping.js';
import { Sealer } from './state/sealer.js';
import { stateStoreProvider } from './state/state-store.js';

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
