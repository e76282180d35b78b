import { Controller, Get, Header, Inject, NotFoundException, Param } from '@nestjs/common';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { DELIVERY_METHODS } from '../streams/delivery-methods.js';

const CACHE = 'public, max-age=300';

/** What the transmitter says of itself (SSF 1.0 §7.1). */
export const transmitterConfiguration = (issuer: string) => ({
  spec_version: '1_0',
  issuer,
  jwks_uri: `${issuer}/jwks`,
  delivery_methods_supported: Object.values(DELIVERY_METHODS),
  configuration_endpoint: `${issuer}/ssf/streams`,
  status_endpoint: `${issuer}/ssf/status`,
  verification_endpoint: `${issuer}/ssf/verification`,
  // Who overlooks one of these ends more than has ended.
  critical_subject_members: ['session', 'grant', 'application'],
  authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
  default_subjects: 'ALL',
});

/** The configuration of the transmitter, where receivers look for it (SSF 1.0 §7.2). */
@Controller('.well-known/ssf-configuration')
export class SsfConfigurationController {
  constructor(@Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>) {}

  @Get()
  @Header('Cache-Control', CACHE)
  configuration() {
    return transmitterConfiguration(this.config.ISSUER);
  }

  /** An issuer with a path has it behind the well-known part (SSF 1.0 §7.2.1). */
  @Get('*')
  @Header('Cache-Control', CACHE)
  configurationOfPath(@Param('*') path: string) {
    if (`/${path}` !== new URL(this.config.ISSUER).pathname) throw new NotFoundException();
    return this.configuration();
  }
}
