import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Charge } from './charge.entity.js';
import { ChargesController } from './charges.controller.js';
import { Charges } from './charges.js';

/** Charges and refunds. */
@Module({
  imports: [TypeOrmModule.forFeature([Charge])],
  controllers: [ChargesController],
  providers: [Charges],
})
export class ChargesModule {}
