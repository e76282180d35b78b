import { Module } from '@nestjs/common';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { TokenModule } from '../token/token.module.js';
import { MetadataController } from './metadata.controller.js';

/** Serves the metadata of the provider (RFC 8414, OpenID Connect Discovery 1.0). */
@Module({
  imports: [TokenModule, ResourceServersModule],
  controllers: [MetadataController],
})
export class MetadataModule {}
