import { Module } from '@nestjs/common';
import { PAGE_ORIGIN } from '@trefoil/server-kit';
import { CONFIG, type WebServerConfig } from '../config.js';
import { FormsModule } from '../forms/forms.module.js';
import { HttpModule } from '../http/http.module.js';
import { SessionModule } from '../session/session.module.js';
import { CurrentUserPipe } from './current-user.pipe.js';
import { UnsentForms } from './unsent-forms.js';

/** Access to pages. Every module with page controllers imports it, because their guards and error filter need its exports. */
@Module({
  imports: [FormsModule, HttpModule, SessionModule],
  providers: [
    CurrentUserPipe,
    UnsentForms,
    {
      provide: PAGE_ORIGIN,
      useFactory: ({ PUBLIC_URL }: Pick<WebServerConfig, 'PUBLIC_URL'>) => PUBLIC_URL,
      inject: [CONFIG],
    },
  ],
  exports: [CurrentUserPipe, UnsentForms, PAGE_ORIGIN, FormsModule, HttpModule, SessionModule],
})
export class PageAccessModule {}
