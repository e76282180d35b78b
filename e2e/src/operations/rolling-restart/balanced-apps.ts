import {
  type DemoApp,
  type Environment,
  type Stack,
  type StackOptions,
  startTemporaryStack,
} from '@trefoil/local-stack';
import { Balancer } from './balancer.js';

export const APPS = ['provider', 'backend', 'frontend'] as const satisfies readonly DemoApp[];

type ReplicaOptions = Pick<StackOptions, 'root'>;

/** A balancer in front of each app, and stacks whose servers are its replicas. All use the databases of the first stack. */
export class BalancedApps {
  readonly stacks: Stack[] = [];
  readonly balancers = { provider: new Balancer(), backend: new Balancer(), frontend: new Balancer() };

  /** Returns the public URL of each app. */
  get urls(): Record<DemoApp, string> {
    const { provider, backend, frontend } = this.balancers;
    return { provider: provider.url, backend: backend.url, frontend: frontend.url };
  }

  /** Starts the balancers and the first replica of each app. Returns their stack. */
  async start(options: ReplicaOptions = {}): Promise<Stack> {
    await Promise.all(APPS.map((app) => this.balancers[app].start()));
    const { provider, backend, frontend } = this.urls;
    // Longer than the balancer takes to notice on a busy machine: it asks every 50 ms, and waits a second for each answer.
    const common = { ISSUER: provider, SHUTDOWN_DELAY: '3' };
    return this.startStack(options, {
      provider: {
        ...common,
        OUTBOUND_ALLOWED_ORIGINS: frontend,
        DEMO_FRONTEND_URL: frontend,
        DEMO_BACKEND_URL: backend,
      },
      backend: { ...common, PUBLIC_URL: backend },
      frontend: { ...common, PUBLIC_URL: frontend, BACKEND_URL: backend },
    });
  }

  /** Starts another replica of each app. Returns their stack. */
  async addReplicas(options: ReplicaOptions = {}): Promise<Stack> {
    return this.startStack(options, withoutPorts(this.stacks[0]));
  }

  /** Sends requests only to the servers of one stack; without an argument, to all that are ready. */
  use(stack?: Stack): void {
    for (const app of APPS) this.balancers[app].use(stack?.urls[app]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.stacks.map((stack) => stack.stop()));
    await Promise.all(APPS.map((app) => this.balancers[app].stop()));
  }

  private async startStack(options: ReplicaOptions, environment: StackOptions['environment']): Promise<Stack> {
    // The balancer reads requests, so the servers authenticate with secrets. They repeat a discovery that fails until the
    // balancer knows the first provider.
    const stack = await startTemporaryStack({ ...options, environment, clientCertificates: false });
    this.stacks.push(stack);
    await Promise.all(APPS.map((app) => this.balancers[app].add(stack.urls[app])));
    return stack;
  }
}

const withoutPorts = (stack: Stack | undefined): Partial<Record<DemoApp, Environment>> =>
  Object.fromEntries(
    APPS.map((app) => [
      app,
      Object.fromEntries(Object.entries(stack?.environments[app] ?? {}).filter(([n]) => n !== 'PORT')),
    ]),
  );
