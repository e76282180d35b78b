import { stylesheet } from './stylesheet.js';

type Pair = [foreground: string, background: string];

// Text needs a contrast of at least 4.5 to 1 (WCAG 2.2 §1.4.3).
const text: Pair[] = [
  ['text', 'ground'],
  ['text', 'surface'],
  ['text', 'sunken'],
  ['text', 'accent-soft'],
  ['text', 'warning-soft'],
  ['text', 'danger-soft'],
  ['muted', 'ground'],
  ['muted', 'surface'],
  ['muted', 'sunken'],
  ['accent', 'ground'],
  ['accent', 'surface'],
  ['accent', 'sunken'],
  ['accent', 'accent-soft'],
  ['accent-strong', 'ground'],
  ['accent-strong', 'surface'],
  ['accent-strong', 'sunken'],
  ['accent-strong', 'accent-soft'],
  ['accent', 'warning-soft'],
  ['accent', 'danger-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-strong'],
  ['danger', 'surface'],
  ['danger', 'ground'],
];

// Borders of inputs, focus rings and icons need a contrast of at least 3 to 1 (WCAG 2.2 §1.4.11).
const shapes: Pair[] = [
  ['edge', 'surface'],
  ['edge', 'ground'],
  ['edge', 'sunken'],
  ['accent', 'ground'],
  ['accent', 'surface'],
  ['danger', 'danger-soft'],
  ['warning', 'warning-soft'],
];

// A thin line between elements that are distinguishable without it.
const decoration = ['line'];

const [light = {}, dark = {}] = [...stylesheet.body.matchAll(/:root \{(.*?)\}/gs)].map(([, rules = '']) =>
  colours(rules),
);

describe.each([
  ['light', light],
  ['dark', { ...light, ...dark }],
])('the %s scheme', (_, scheme) => {
  it.each(text)(
    'shows --%s as text on --%s with a contrast of 4.5 or more (WCAG 2.2 §1.4.3)',
    (foreground, background) => {
      expect(contrast(scheme, foreground, background)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(shapes)(
    'shows --%s as a shape on --%s with a contrast of 3 or more (WCAG 2.2 §1.4.11)',
    (foreground, background) => {
      expect(contrast(scheme, foreground, background)).toBeGreaterThanOrEqual(3);
    },
  );
});

it('defines every colour in both schemes', () => {
  expect(Object.keys(light).length).toBeGreaterThan(10);
  expect(Object.keys(dark).sort()).toEqual(Object.keys(light).sort());
});

it('checks the contrast of every colour', () => {
  const measured = new Set([...text, ...shapes].flat());
  expect(Object.keys(light).filter((name) => !measured.has(name))).toEqual(decoration);
});

it('uses only colours that are tokens', () => {
  const rules = stylesheet.body.replace(/:root \{.*?\}/gs, '').replace(/url\(.*?\)/g, '');
  expect(rules.match(/#[\da-f]{3,8}\b|rgba?\(|hsla?\(/g)).toBeNull();
});

function colours(rules: string): Record<string, string> {
  return Object.fromEntries(
    [...rules.matchAll(/--([\w-]+): (#[\da-f]+);/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function contrast(scheme: Record<string, string>, foreground: string, background: string): number {
  const [low = 0, high = 0] = [foreground, background].map((name) => luminance(scheme[name])).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Returns the relative luminance as WCAG 2.2 defines it. */
function luminance(colour: string | undefined): number {
  if (!colour) throw new Error('the style sheet does not define this colour');
  const digits = colour.length === 4 ? colour.replace(/[\da-f]/g, '$&$&') : colour;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = parseInt(digits.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
