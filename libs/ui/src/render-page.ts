import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** The HTML document of a page element; every text and attribute in it is escaped. */
export function renderPage(element: VNode): string {
  return `<!doctype html>${renderToString(element)}`;
}
