import type { MixedList } from 'typeorm';
import type { Api, WebServerConfig } from './config.js';

/** The parts of a site that each of its pages shows. */
export interface Site {
  /** The name in the header of every page. */
  readonly name: string;
  /** The links in the header, for users who have signed in. */
  readonly navigation: readonly { readonly href: string; readonly label: string }[];
  /** The page about the user, to which the name of the user in the header links. */
  readonly userPage?: string;
  /** The text at the end of every page. */
  readonly footer: string;
}

/** Describes a web server: its name, its site, the APIs that it calls for its users, and its tables. */
export interface WebServer<Config extends WebServerConfig = WebServerConfig> {
  /** The name of the app. It is the folder in `apps` and a part of every key in Redis. */
  readonly name: string;
  /** The beginning of the names of its cookies. Ports do not separate cookies, so that of each app is different. */
  readonly cookiePrefix: string;
  readonly site: Site;
  /** Returns the APIs with variables of their own. The token of the first one comes with the sign-in. */
  readonly apis: (config: Config) => readonly [Api, ...Api[]];
  /** The scopes that a sign-in requests besides those of OpenID Connect and of the APIs. */
  readonly scopes?: readonly string[];
  /** The claims that a sign-in requests, from a provider that knows the parameter `claims` (OpenID Connect Core §5.5). */
  readonly claims?: object;
  /** The migrations of the database, the oldest first. */
  // TypeORM names a type of its own for a list of classes.
  readonly migrations: MixedList<new () => object>;
}

/** The parts of a description that do not depend on the type of the configuration. */
export type WebServerDescription = Omit<WebServer, 'apis'>;

/** Injection token of the {@link WebServerDescription}. */
export const WEB_SERVER = Symbol('WEB_SERVER');
