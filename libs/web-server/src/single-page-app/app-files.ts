import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { CONFIG, type WebServerConfig } from '../config.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const INDEX = 'index.html';

/** A file of the single-page app. */
export interface AppFile {
  readonly content: Buffer;
  readonly contentType: string;
  /** A strong validator with its quotes (RFC 9110 §8.8.3). */
  readonly etag: string;
}

/** The built files of the single-page app, read at the start. Files of other types, such as source maps, are left out. */
@Injectable()
export class AppFiles {
  private readonly files: ReadonlyMap<string, AppFile>;

  /** @throws Error when the folder has no `index.html`. */
  constructor(@Inject(CONFIG) { SPA_DIRECTORY }: Pick<WebServerConfig, 'SPA_DIRECTORY'>) {
    this.files = SPA_DIRECTORY === undefined ? new Map() : readFiles(SPA_DIRECTORY);
  }

  /** Returns the file with a path, such as `assets/main.js`. */
  find(path: string): AppFile | undefined {
    return this.files.get(path);
  }

  /** The page of the app; undefined when there is no app. */
  get index(): AppFile | undefined {
    return this.files.get(INDEX);
  }
}

function readFiles(directory: string): Map<string, AppFile> {
  if (!existsSync(join(directory, INDEX))) {
    throw new Error(
      `SPA_DIRECTORY has no ${INDEX}: ${directory}. Build the app, or set it to the folder of the built files.`,
    );
  }
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) => join(directory, path));
  const files = paths.flatMap((path): [string, AppFile][] => {
    const contentType = CONTENT_TYPES[extname(path)];
    if (contentType === undefined || !statSync(path).isFile()) return [];
    const content = readFileSync(path);
    const etag = `"${createHash('sha256').update(content).digest('base64url')}"`;
    return [[relative(directory, path).split(sep).join('/'), { content, contentType, etag }]];
  });
  return new Map(files);
}
