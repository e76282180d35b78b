import { stylesheet } from './stylesheet.js';

describe('the style sheet', () => {
  it('has the same hash of its content in its path and its ETag', () => {
    const hash = /^\/assets\/trefoil\.([\da-f]{16})\.css$/.exec(stylesheet.path)?.[1];
    expect(stylesheet.etag).toBe(`"${hash}"`);
    expect(stylesheet.contentType).toBe('text/css; charset=utf-8');
  });

  it('stays under 10 KB', () => {
    expect(Buffer.byteLength(stylesheet.body)).toBeLessThan(10 * 1024);
  });

  it('loads nothing from other URLs (Content-Security-Policy: img-src data:)', () => {
    expect(stylesheet.body).not.toContain('@import');
    for (const [, target] of stylesheet.body.matchAll(/url\(\s*["']?(.*?)[)"']/g)) expect(target).toMatch(/^data:/);
  });

  it('has as many opening as closing braces', () => {
    expect(stylesheet.body.split('{').length).toBe(stylesheet.body.split('}').length);
  });
});
