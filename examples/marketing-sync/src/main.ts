import { contactScopes } from '@trefoil/dto';
import { ResourceClient, ServiceClient } from '@trefoil/service-client';
import { pullContacts } from './pull-contacts.js';

// An administrator gives these to the team of the marketing system. The defaults are those of the demo.
const {
  ISSUER = 'http://localhost:3001',
  BACKEND_URL = 'http://localhost:3002',
  CLIENT_ID = 'marketing-sync',
  CLIENT_SECRET = 'marketing-sync-demo-secret',
} = process.env;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

let tokenRequests = 0;
const service = new ServiceClient({
  issuer: ISSUER,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  fetch: (input, init) => {
    if (new Request(input).url.endsWith('/token')) tokenRequests += 1;
    return fetch(input, init);
  },
});
const backend = new ResourceClient({ baseUrl: BACKEND_URL });
const request = { resource: BACKEND_URL, scope: contactScopes.export.name };

async function pull(): Promise<void> {
  let count = 0;
  for await (const contact of pullContacts(backend, service.machineToken(request))) {
    count += 1;
    if (count <= 3)
      print(`   ${contact.name}${contact.email && ` <${contact.email}>`} of ${contact.ownerName ?? contact.owner}`);
  }
  if (count > 3) print(`   … and ${count - 3} more`);
  const { expiresAt } = await service.token(request);
  const seconds = Math.round((expiresAt.getTime() - Date.now()) / 1000);
  print(`   ${count} contacts; token requests so far: ${tokenRequests}; the token expires in ${seconds} s`);
}

try {
  print(
    `1. ${CLIENT_ID} requests a token from ${ISSUER} (client credentials, scope ${request.scope}) and pulls the contacts`,
  );
  await pull();
  print('2. It pulls the contacts again with the same token');
  await pull();
} catch (error) {
  process.stderr.write(`marketing-sync failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write('Is the stack running? Start it with: npm start\n');
  process.exitCode = 1;
}
