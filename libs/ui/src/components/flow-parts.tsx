import type { FlowDiagramProps } from './flow-diagram.js';

export const flowTitle = 'How a request travels through the three servers';
export const flowDescription =
  '1: the browser signs in and consents at the provider. 2: the browser sends only a cookie to the frontend. ' +
  '3: the frontend calls the backend with the user’s token. 4: the backend calls the provider with a token that it ' +
  'exchanged for the user’s.';

export interface FlowVariantProps {
  hosts: NonNullable<FlowDiagramProps['hosts']>;
}

export interface FlowBoxProps {
  x: number;
  y: number;
  width: number;
  height: number;
  name: string;
  role: string;
  host?: string | undefined;
}

/** One party: its name, what it does and where it is found. */
export function FlowBox({ x, y, width, height, name, role, host }: FlowBoxProps) {
  const centre = x + width / 2;
  const middle = y + height / 2;
  const shift = host ? -14 : -4;
  return (
    <g class="flow-box">
      <rect x={x} y={y} width={width} height={height} rx="14" />
      <text class="flow-name" x={centre} y={middle + shift}>
        {name}
      </text>
      <text class="flow-role" x={centre} y={middle + shift + 22}>
        {role}
      </text>
      {host && (
        <text class="flow-host" x={centre} y={middle + shift + 42} {...squeeze(host, width - 16)}>
          {host}
        </text>
      )}
    </g>
  );
}

// A host name of any length stays inside its box; a character of this size is about 8 wide.
function squeeze(text: string, room: number) {
  return text.length * 8 > room ? ({ textLength: room, lengthAdjust: 'spacingAndGlyphs' } as const) : {};
}

/** The number of a step, on its arrow. */
export function FlowNumber({ x, y, step }: { x: number; y: number; step: number }) {
  return (
    <g class="flow-number">
      <circle cx={x} cy={y} r="12" />
      <text x={x} y={y + 5}>
        {step}
      </text>
    </g>
  );
}

/** The head of an arrow whose point is at (x, y). */
export function ArrowHead({ x, y, towards }: { x: number; y: number; towards: 'right' | 'down' | 'up' }) {
  const points = {
    right: `${x},${y} ${x - 10},${y - 6} ${x - 10},${y + 6}`,
    down: `${x},${y} ${x - 6},${y - 10} ${x + 6},${y - 10}`,
    up: `${x},${y} ${x - 6},${y + 10} ${x + 6},${y + 10}`,
  };
  return <polygon class="flow-head" points={points[towards]} />;
}
