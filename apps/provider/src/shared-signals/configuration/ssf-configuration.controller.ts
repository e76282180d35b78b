import { Controller, Get, Header, Inject, NotFoundException, Param } from '@nestjs/common';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { DELIVERY_METHODS } from '../streams/event-stream.entity.js';

const CACHE = 'public, max-age=300';

/** Returns the metadata of the transmitter (SSF 1.0 §7.1). */
export const transmitterConfiguration = (issuer: string) => ({
  spec_version: '1_0',
  issuer,
  jwks_uri: `${issuer}/jwks`,
  delivery_methods_supported: Object.values(DELIVERY_METHODS),
  configuration_endpoint: `${issuer}/ssf/streams`,
  status_endpoint: `${issuer}/ssf/status`,
  verification_endpoint: `${issuer}/ssf/verification`,
  // A receiver that ignores one of these would revoke more tokens than the event does.
  critical_subject_members: ['session', 'grant', 'application'],
  authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
  default_subjects: 'ALL',
});

/** Serves the metadata of the transmitter at its well-known path (SSF 1.0 §7.2). */
@Controller('.well-known/ssf-configuration')
export class SsfConfigurationController {
  constructor(@Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>) {}

  @Get()
  @Header('Cache-Control', CACHE)
  configuration() {
    return transmitterConfiguration(this.config.ISSUER);
  }

  /** For an issuer with a path, that path follows the well-known path (SSF 1.0 §7.2.1). */
  @Get('*')
  @Header('Cache-Control', CACHE)
  configurationOfPath(@Param('*') path: string) {
    if (`/${path}` !== new URL(this.config.ISSUER).pathname) throw new NotFoundException();
    return this.configuration();
  }
}
