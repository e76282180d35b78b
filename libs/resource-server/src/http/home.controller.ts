import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PublicRoute } from '@trefoil/guards';

/** Redirects the root of the API to its documentation. */
@ApiExcludeController()
@Controller()
export class HomeController {
  @Get()
  @PublicRoute()
  @Redirect('docs', 302)
  home(): void {}
}
