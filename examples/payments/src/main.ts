import { randomUUID } from 'node:crypto';
import { PaymentClient } from './shop/payment-client.js';

// An administrator gives these to the team of the shop. The defaults are those of docs/examples/payments.md.
const {
  ISSUER = 'http://localhost:3001',
  PAYMENTS_URL = 'http://localhost:3010',
  CLIENT_ID = 'shop',
  CLIENT_SECRET = 'shop-demo-secret',
  // A shop stores the key with the order before it sends the request.
  IDEMPOTENCY_KEY = `order-${randomUUID()}`,
} = process.env;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const client = new PaymentClient({
  issuer: ISSUER,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  paymentsUrl: PAYMENTS_URL,
});
const order = { customer: 'a11ce000-0000-4000-8000-000000000001', amount: 1999, currency: 'EUR' };

try {
  print(`1. ${CLIENT_ID} charges ${order.amount / 100} ${order.currency} with the Idempotency-Key ${IDEMPOTENCY_KEY}`);
  const { body: charge } = await client.charge(order, IDEMPOTENCY_KEY);
  print(`   charge ${charge.id}`);
  print('2. It repeats the request, as after a lost answer');
  const { body: same, headers } = await client.charge(order, IDEMPOTENCY_KEY);
  print(`   charge ${same.id}${headers.has('idempotency-replayed') ? ', the stored answer' : ''}`);
} catch (error) {
  process.stderr.write(`payments failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write('Does the payments API run? docs/examples/payments.md says how to start it.\n');
  process.exitCode = 1;
}
