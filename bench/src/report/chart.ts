import type { CaseResult, Figures } from '../measure/compare.js';

const BAR = 22;
const LEFT = 150;
const WIDTH = 640;
const COLOURS: Record<Figures['role'], string> = {
  trefoil: '#2f7d4f',
  peer: '#8a6d3b',
  limit: '#9aa0a6',
  reference: '#c5c9ce',
};

/** Returns a bar chart of the throughput of a case, as an inline SVG that needs no script and no style sheet. */
export function chartOf({ title, figures }: CaseResult): string {
  const most = Math.max(...figures.map(({ rate }) => rate));
  const height = figures.length * BAR + 26;
  const bars = figures.flatMap(({ role, name, rate }, index) => {
    const y = 24 + index * BAR;
    const width = Math.max(1, Math.round((rate / most) * (WIDTH - LEFT - 80)));
    return [
      `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR - 6}" fill="${COLOURS[role]}"/>`,
      `<text x="${LEFT + width + 6}" y="${y + 13}">${Math.round(rate).toLocaleString('en')}/s</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(title)}">`,
    `<text x="0" y="14" font-weight="bold">${escaped(title.replaceAll('`', ''))}</text>`,
    ...bars,
    '</svg>',
  ].join('\n');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
