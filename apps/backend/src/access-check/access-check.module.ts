import { Module } from '@nestjs/common';
import { AccessCheckController } from './access-check.controller.js';

@Module({ controllers: [AccessCheckController] })
export class AccessCheckModule {}
