import { ArrowHead, FlowBox, FlowNumber, flowDescription, flowTitle } from './flow-parts.js';
import type { FlowVariantProps } from './flow-parts.js';

const box = { y: 2, width: 164, height: 108 };
const bottom = box.y + box.height;
const middle = box.y + box.height / 2;
const x = { browser: 2, frontend: 268, backend: 534, provider: 800 };
const centre = { browser: x.browser + box.width / 2, provider: x.provider + box.width / 2 };
const hops = [
  { from: x.browser + box.width, to: x.frontend, label: ['cookie'], number: 2 },
  { from: x.frontend + box.width, to: x.backend, label: ['user', 'token'], number: 3 },
  { from: x.backend + box.width, to: x.provider, label: ['exchanged', 'token'], number: 4 },
];

/** The diagram for wide screens: the parties in a row, with the sign-in as an arc below them. */
export function FlowAcross({ hosts }: FlowVariantProps) {
  return (
    <svg class="flow-across" viewBox="0 0 966 204" role="img" aria-labelledby="flow-a-title flow-a-desc">
      <title id="flow-a-title">{flowTitle}</title>
      <desc id="flow-a-desc">{flowDescription}</desc>
      <path
        class="flow-line sign-in"
        d={`M${centre.browser} ${bottom} v36 q0 20 20 20 H${centre.provider - 20} q20 0 20 -20 V${bottom + 10}`}
      />
      <ArrowHead x={centre.provider} y={bottom + 2} towards="up" />
      <FlowNumber x={483} y={bottom + 56} step={1} />
      <text class="flow-label" x="483" y={bottom + 88}>
        sign in and consent
      </text>
      {hops.map(({ from, to, label, number }) => (
        <g key={number}>
          <path class="flow-line" d={`M${from} ${middle} H${to - 10}`} />
          <ArrowHead x={to - 2} y={middle} towards="right" />
          <FlowNumber x={(from + to) / 2 - 4} y={middle} step={number} />
          {label.map((line, index) => (
            <text
              key={line}
              class="flow-label"
              x={(from + to) / 2 - 4}
              y={middle - 22 - 18 * (label.length - 1 - index)}
            >
              {line}
            </text>
          ))}
        </g>
      ))}
      <FlowBox {...box} x={x.browser} name="Browser" role="you" host={hosts.browser} />
      <FlowBox {...box} x={x.frontend} name="Frontend" role="pages and session" host={hosts.frontend} />
      <FlowBox {...box} x={x.backend} name="Backend" role="contacts API" host={hosts.backend} />
      <FlowBox {...box} x={x.provider} name="Provider" role="knows who you are" host={hosts.provider} />
    </svg>
  );
}
