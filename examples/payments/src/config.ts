import { resourceServerSchema } from '@trefoil/resource-server';
import type { z } from 'zod';

/** The configuration of the payments API, from environment variables. */
export const configSchema = resourceServerSchema('payments');

export type PaymentsConfig = z.output<typeof configSchema>;
