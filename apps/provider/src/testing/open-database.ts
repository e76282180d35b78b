import { runMigrations } from '@trefoil/server-kit';
import { DataSource, getMetadataArgsStorage } from 'typeorm';
import { providerDataSource } from '../database/data-source.js';

/**
 * Applies the migrations to a database and connects to it without Nest. The data source has every entity whose class the
 * test imports.
 */
export async function openDatabase(url: string): Promise<DataSource> {
  await runMigrations(providerDataSource(url));
  const entities = getMetadataArgsStorage().tables.map(({ target }) => target as new () => object);
  return new DataSource(providerDataSource(url, entities)).initialize();
}
