import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Makes `grantedTo` of the scopes of resource servers a list of kinds of subjects, and adds the scopes of the admin API to the
 * account API of an existing installation. A client that represents a resource server can be deleted; the server has none then.
 */
export class GrantScopesToSeveralKinds1795714887000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE resource_servers SET scopes = ${eachScope(`
      CASE jsonb_typeof(scope -> 'grantedTo')
        WHEN 'string' THEN jsonb_set(scope, '{grantedTo}', jsonb_build_array(scope -> 'grantedTo'))
        ELSE scope END`)}`,
    );
    await runner.query(
      `UPDATE resource_servers SET scopes = scopes || $1::jsonb
       WHERE scopes @> '[{"name": "account:read"}, {"name": "directory:read"}]'
         AND NOT scopes @> '[{"name": "admin:read"}]' AND NOT scopes @> '[{"name": "admin:write"}]'`,
      [JSON.stringify(ADMIN_SCOPES)],
    );
    await runner.query(representedBy('ON DELETE SET NULL'));
  }

  /** Keeps the first kind of each scope. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(representedBy('ON DELETE NO ACTION'));
    await runner.query(
      `UPDATE resource_servers SET scopes = ${eachScope(`jsonb_set(scope, '{grantedTo}', scope -> 'grantedTo' -> 0)`)}`,
    );
  }
}

/** Returns the SQL that sets what the deletion of a client means for the resource server that it represents. */
const representedBy = (onDelete: string): string => `
  ALTER TABLE resource_servers DROP CONSTRAINT resource_servers_client_id_fkey,
    ADD CONSTRAINT resource_servers_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients ${onDelete}`;

/** Returns the SQL of the scopes of a row, each changed by an expression, in their order. */
const eachScope = (changed: string): string =>
  `(SELECT coalesce(jsonb_agg(${changed} ORDER BY position), '[]')
    FROM jsonb_array_elements(scopes) WITH ORDINALITY AS each (scope, position))`;

const ADMIN_SCOPES = (['see', 'change'] as const).map((verb) => ({
  name: verb === 'see' ? 'admin:read' : 'admin:write',
  description: `${verb} the users, applications, resource servers and keys of the installation, as an administrator`,
  grantedTo: ['administrators', 'machines'],
}));
