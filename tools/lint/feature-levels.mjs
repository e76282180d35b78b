// @ts-check

/**
 * The levels of the features of an app, or of a lib that builds one, lowest first. A feature may import features of lower levels.
 *
 * - foundations: what every feature stands on, such as the database connection and HTTP helpers
 * - records: the entities of the app, their repositories and the rules about them
 * - protocol: the endpoints and grants of the RFCs, or the API of a resource server
 * - people: pages, commands, the API of administrators and scheduled tasks
 */
export const LEVELS = /** @type {const} */ (['foundations', 'records', 'protocol', 'people']);

/**
 * The files directly in `src` that every feature may import. They hold settings and import no feature. The other files directly
 * in `src` compose the app: no feature imports them.
 */
export const SETTINGS = ['config.ts', 'limits.ts', 'description.ts'];

/** Features of these levels do not import Fastify: a record must be usable without an HTTP request. */
export const LEVELS_WITHOUT_FASTIFY = /** @type {const} */ (['foundations', 'records']);

/**
 * @typedef {object} FeatureTable
 *   the features of one app. A feature is a folder of `src`, named by its path: `users`. A folder inside a feature that
 *   belongs to another level has an entry of its own: `users/account-api`.
 * @property {string[]} foundations
 * @property {string[]} records
 * @property {string[]} protocol
 * @property {string[]} people
 * @property {Record<string, string[]>} sameLevel the imports that are allowed between features of one level: importer →
 *   imported features. They must not form a cycle.
 * @property {string[]} usesFastify the exceptions from LEVELS_WITHOUT_FASTIFY: features, or folders and files inside them,
 *   that may import Fastify. `*.controller.ts(x)` may do so everywhere.
 */

/**
 * Returns the folder of the project that a table of features is about.
 *
 * @param {string} key of {@link featureLevels}
 */
export const folderOf = (key) => (key.includes('/') ? key : `apps/${key}`);

/** @type {Record<string, FeatureTable>} The features of each app by the name of its folder, and of libs by the path of theirs. */
export const featureLevels = {
  provider: {
    foundations: ['database', 'foundation', 'http', 'outbound'],
    records: ['clients', 'grants', 'keys', 'resource-servers', 'security-events', 'sessions', 'users'],
    protocol: [
      'authorization',
      'back-channel-logout',
      'clients/authentication',
      'clients/registration',
      'device',
      'issued-tokens',
      'metadata',
      'security-events/api',
      'shared-signals',
      'token',
      'token/dpop',
      'token/issuance',
      'users/account-api',
      'users/administration',
      'users/userinfo',
    ],
    people: [
      'account',
      'admin',
      'admin/api',
      'commands',
      'demo',
      'home',
      'housekeeping',
      'scenarios',
      'sessions/sign-in',
      'sessions/sign-out',
      'setup',
    ],
    sameLevel: {
      foundation: ['database', 'outbound'],
      outbound: ['http'],

      clients: ['keys', 'resource-servers', 'security-events'],
      grants: ['security-events'],
      keys: ['security-events'],
      'resource-servers': ['security-events'],
      sessions: ['clients', 'grants', 'keys', 'security-events', 'users'],
      users: ['clients', 'keys', 'security-events'],

      authorization: ['clients/authentication', 'token/dpop'],
      device: ['authorization', 'clients/authentication', 'issued-tokens', 'token/issuance'],
      'issued-tokens': ['clients/authentication'],
      metadata: ['token', 'token/issuance'],
      'security-events/api': ['issued-tokens'],
      token: ['clients/authentication', 'device', 'issued-tokens', 'token/dpop', 'token/issuance'],
      'users/administration': ['issued-tokens'],

      account: ['sessions/sign-in'],
      admin: ['account', 'admin/api', 'sessions/sign-in'],
      commands: ['setup'],
      demo: ['setup'],
    },
    usesFastify: ['http'],
  },
  backend: {
    foundations: ['database', 'provider-client'],
    records: ['contacts'],
    protocol: ['access-check', 'exports', 'profile'],
    people: ['scenarios'],
    sameLevel: {},
    usesFastify: [],
  },
  frontend: {
    foundations: ['database'],
    records: [],
    protocol: ['backend-client'],
    people: ['contacts', 'home', 'profile', 'scenarios'],
    sameLevel: {},
    usesFastify: [],
  },
  'libs/web-server': {
    foundations: ['apis', 'database', 'http', 'provider-client'],
    records: ['access-tokens', 'forms', 'session'],
    protocol: ['api-client', 'back-channel-logout', 'bff'],
    people: ['page-access', 'sign-in', 'sign-out', 'single-page-app'],
    sameLevel: {
      http: ['database'],
      'provider-client': ['apis'],

      'access-tokens': ['session'],
      forms: ['session'],

      bff: ['api-client'],

      'sign-in': ['page-access'],
      'sign-out': ['page-access'],
    },
    usesFastify: ['forms', 'http', 'session'],
  },
};
