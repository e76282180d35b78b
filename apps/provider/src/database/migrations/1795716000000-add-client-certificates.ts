import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the members of client metadata about certificates (RFC 8705), and the certificate to which the refresh tokens of a
 * public client are bound. The previous version of the provider can go on inserting clients and grants.
 */
export class AddClientCertificates1795716000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE clients
      ADD tls_client_auth_subject_dn text,
      ADD tls_client_auth_san_dns text,
      ADD tls_client_auth_san_uri text,
      ADD tls_client_auth_san_ip text,
      ADD tls_client_auth_san_email text,
      ADD tls_client_certificate_bound_access_tokens boolean NOT NULL DEFAULT false`);
    await runner.query('ALTER TABLE grants ADD certificate_thumbprint text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE grants DROP certificate_thumbprint');
    await runner.query(`ALTER TABLE clients
      DROP tls_client_auth_subject_dn,
      DROP tls_client_auth_san_dns,
      DROP tls_client_auth_san_uri,
      DROP tls_client_auth_san_ip,
      DROP tls_client_auth_san_email,
      DROP tls_client_certificate_bound_access_tokens`);
  }
}
