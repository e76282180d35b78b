import { FlowAcross } from './flow-across.js';
import { FlowDown } from './flow-down.js';

export interface FlowDiagramProps {
  /** Where each party is found, shown in its box, such as `localhost:3000`. */
  hosts?: { browser?: string; frontend?: string; backend?: string; provider?: string };
}

/** One picture of who trusts whom with what: across on a desktop, downwards on a phone. */
export function FlowDiagram({ hosts = {} }: FlowDiagramProps) {
  return (
    <figure class="flow">
      <FlowAcross hosts={hosts} />
      <FlowDown hosts={hosts} />
    </figure>
  );
}
