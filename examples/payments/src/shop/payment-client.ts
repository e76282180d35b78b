import {
  ResourceClient,
  type ResourceResponse,
  ServiceClient,
  type ServiceClientOptions,
} from '@trefoil/service-client';
import { ChargeBody, type ChargeInput } from '../charges/charge-bodies.js';
import { paymentScopes } from '../payment-scopes.js';

/** The addresses and credentials with which a shop reaches the provider and the payments API. */
export interface PaymentClientOptions extends Pick<ServiceClientOptions, 'issuer' | 'clientId' | 'clientSecret'> {
  /** The URL of the payments API, and its resource identifier (RFC 8707). */
  readonly paymentsUrl: string;
}

/**
 * Charges customers as a machine client. Its tokens are bound to a key that never leaves this process (RFC 9449).
 *
 * Every call takes an idempotency key. A request whose answer is lost is repeated with the same key, so it runs once. When
 * the answers stay away (`ServiceUnavailable`), the caller does not know whether it ran: it calls again later with the same key.
 */
export class PaymentClient {
  private readonly service: ServiceClient;
  private readonly api: ResourceClient;

  constructor(private readonly options: PaymentClientOptions) {
    this.service = new ServiceClient({ ...options, dpop: true });
    this.api = new ResourceClient({ baseUrl: options.paymentsUrl });
  }

  /** Charges a customer once for each idempotency key. */
  charge(charge: ChargeInput, idempotencyKey: string): Promise<ResourceResponse<ChargeBody>> {
    return this.post('/v1/charges', paymentScopes.charge.name, idempotencyKey, charge);
  }

  /** Refunds a charge. The client must be registered for another scope than to charge. */
  refund(id: string, idempotencyKey: string): Promise<ResourceResponse<ChargeBody>> {
    return this.post(`/v1/charges/${encodeURIComponent(id)}/refund`, paymentScopes.refund.name, idempotencyKey);
  }

  private post(
    path: string,
    scope: string,
    idempotencyKey: string,
    body?: ChargeInput,
  ): Promise<ResourceResponse<ChargeBody>> {
    const token = this.service.machineToken({ resource: this.options.paymentsUrl, scope });
    const headers = { 'Idempotency-Key': idempotencyKey };
    return this.api.json(path, ChargeBody, { method: 'POST', token, headers, body });
  }
}
