import { Module } from '@nestjs/common';
import { PAGE_ORIGIN } from '@trefoil/server-kit';
import { CONFIG, type FrontendConfig } from '../config.js';
import { FormsModule } from '../forms/forms.module.js';
import { SessionModule } from '../session/session.module.js';
import { CurrentUserPipe } from './current-user.pipe.js';

/** The guards and the error filter of page controllers need this module: it decides who may open a page. */
@Module({
  imports: [FormsModule, SessionModule],
  providers: [
    CurrentUserPipe,
    {
      provide: PAGE_ORIGIN,
      useFactory: ({ PUBLIC_URL }: Pick<FrontendConfig, 'PUBLIC_URL'>) => PUBLIC_URL,
      inject: [CONFIG],
    },
  ],
  exports: [CurrentUserPipe, PAGE_ORIGIN, FormsModule, SessionModule],
})
export class PageAccessModule {}
