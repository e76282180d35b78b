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

/** The box of one party, with its name, role and host. */
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
        <text class="flow-host" x={centre} y={middle + shift + 42} {...fitText(host, width - 16)}>
          {host}
        </text>
      )}
    </g>
  );
}

// Compresses a long host name so that it fits in its box. A character of this font size is about 8 units wide.
function fitText(text: string, width: number) {
  return text.length * 8 > width ? ({ textLength: width, lengthAdjust: 'spacingAndGlyphs' } as const) : {};
}

/** The number of a step, shown on its arrow. */
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
