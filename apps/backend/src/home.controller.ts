import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PublicRoute } from '@trefoil/guards';

/** Leads whoever opens the address of the API to its documentation. */
@ApiExcludeController()
@Controller()
export class HomeController {
  @Get()
  @PublicRoute()
  @Redirect('docs', 302)
  home(): void {}
}
