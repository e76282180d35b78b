import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { HttpModule } from '../http/http.module.js';
import { FormTokens } from './form-token.js';
import { KeptForms } from './kept-forms.js';

/** Form tokens, and forms that are kept while the user is signed out. */
@Module({
  imports: [DatabaseModule, HttpModule],
  providers: [FormTokens, KeptForms],
  exports: [FormTokens, KeptForms],
})
export class FormsModule {}
