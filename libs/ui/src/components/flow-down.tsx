import { ArrowHead, FlowBox, FlowNumber, flowDescription, flowTitle } from './flow-parts.js';
import type { FlowVariantProps } from './flow-parts.js';

const box = { x: 50, width: 268, height: 88 };
const y = { browser: 2, frontend: 152, backend: 302, provider: 452 };
const middle = { browser: y.browser + box.height / 2, provider: y.provider + box.height / 2 };
const lane = { signIn: 16, calls: 152 };
const hops = [
  { from: y.browser + box.height, to: y.frontend, label: 'cookie', number: 2 },
  { from: y.frontend + box.height, to: y.backend, label: 'user token', number: 3 },
  { from: y.backend + box.height, to: y.provider, label: 'exchanged token', number: 4 },
];

/** The diagram for phones: the parties in a column, with the sign-in as an arc on their left. */
export function FlowDown({ hosts }: FlowVariantProps) {
  const turn = lane.signIn + 20;
  return (
    <svg class="flow-down" viewBox="0 0 320 542" role="img" aria-labelledby="flow-d-title flow-d-desc">
      <title id="flow-d-title">{flowTitle}</title>
      <desc id="flow-d-desc">{flowDescription}</desc>
      <path
        class="flow-line sign-in"
        d={`M${box.x} ${middle.browser} H${turn} q-20 0 -20 20 V${middle.provider - 20} q0 20 20 20 H${box.x - 10}`}
      />
      <ArrowHead x={box.x - 2} y={middle.provider} towards="right" />
      <FlowNumber x={lane.signIn} y={y.frontend - 34} step={1} />
      <text class="flow-label start" x={lane.signIn + 20} y={y.frontend - 29}>
        sign in
      </text>
      {hops.map(({ from, to, label, number }) => (
        <g key={number}>
          <path class="flow-line" d={`M${lane.calls} ${from} V${to - 10}`} />
          <ArrowHead x={lane.calls} y={to - 2} towards="down" />
          <FlowNumber x={lane.calls} y={to - 34} step={number} />
          <text class="flow-label start" x={lane.calls + 20} y={to - 29}>
            {label}
          </text>
        </g>
      ))}
      <FlowBox {...box} y={y.browser} name="Browser" role="you" host={hosts.browser} />
      <FlowBox {...box} y={y.frontend} name="Frontend" role="pages and session" host={hosts.frontend} />
      <FlowBox {...box} y={y.backend} name="Backend" role="contacts API" host={hosts.backend} />
      <FlowBox {...box} y={y.provider} name="Provider" role="knows who you are" host={hosts.provider} />
    </svg>
  );
}
