import { FlowAcross } from './flow-across.js';
import { FlowDown } from './flow-down.js';

export interface FlowDiagramProps {
  /** The host of each party, such as `localhost:3000`, to show in its box. */
  hosts?: { browser?: string; frontend?: string; backend?: string; provider?: string };
}

/** A diagram of a request on its way through the three servers: horizontal on a desktop, vertical on a phone. */
export function FlowDiagram({ hosts = {} }: FlowDiagramProps) {
  return (
    <figure class="flow">
      <FlowAcross hosts={hosts} />
      <FlowDown hosts={hosts} />
    </figure>
  );
}
