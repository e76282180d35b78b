import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** Renders a page element as an HTML document. All text and attributes are escaped. */
export function renderPage(element: VNode): string {
  return `<!doctype html>${renderToString(element)}`;
}
