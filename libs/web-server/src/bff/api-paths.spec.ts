import { apiUrl, proxyPath } from './api-paths.js';

const api = {
  name: 'invoices',
  title: 'service invoices',
  resource: 'https://invoices.example/api',
  url: 'https://10.0.0.7:8443/api',
  scopes: ['invoices:read'],
  browserPaths: ['/v1/invoices', '/v1/customers'],
};

describe('the URL at an API', () => {
  it.each([
    ['/bff/api/invoices/v1/invoices', '/v1/invoices'],
    ['/bff/api/invoices/v1/invoices/7/lines?cursor=a%2Fb&limit=2', '/v1/invoices/7/lines?cursor=a%2Fb&limit=2'],
    ['/bff/api/invoices/v1/customers/a%20b?q=what?', '/v1/customers/a%20b?q=what?'],
  ])('of %s is the same path at the API', (requested, path) => {
    expect(apiUrl(api, requested)?.href).toBe(`https://10.0.0.7:8443/api${path}`);
  });

  it.each([
    ['/v1/payments', 'is not in the table'],
    ['/v1/invoices-of-others', 'only begins like one in the table'],
    ['/v1', 'is above one in the table'],
    ['/v1/invoices/../payments', 'has dot segments'],
    ['/v1/invoices/%2e%2e/payments', 'has encoded dot segments'],
    ['/v1/invoices/..%2fpayments', 'has an encoded slash'],
    ['/v1/invoices/..%5Cpayments', 'has an encoded backslash'],
    ['/v1/invoices\\..\\payments', 'has backslashes'],
    ['/v1/invoices/%00', 'has an encoded zero byte'],
    ['/v1/invoices#/x', 'has a fragment'],
    ['@evil.example/v1/invoices', 'names another host'],
    ['//evil.example/v1/invoices', 'begins with another host'],
  ])('of the path %s does not exist, because the path %s', (path) => {
    expect(apiUrl(api, `/bff/api/invoices${path}`)).toBeUndefined();
  });

  it('of a path of another API does not exist', () => {
    expect(apiUrl(api, '/bff/api/contacts/v1/invoices')).toBeUndefined();
  });
});

describe('the address of a Location at the proxy', () => {
  it.each([
    ['https://invoices.example/api/v1/invoices/7', '/bff/api/invoices/v1/invoices/7'],
    ['https://10.0.0.7:8443/api/v1/invoices/7', '/bff/api/invoices/v1/invoices/7'],
    ['https://evil.example/v1/invoices/7', undefined],
    ['https://invoices.example/apis/7', undefined],
    ['', undefined],
  ])('of %j is %j', (location, path) => expect(proxyPath(api, location)).toBe(path));
});
