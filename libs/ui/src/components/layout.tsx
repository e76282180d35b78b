import type { ComponentChildren } from 'preact';
import { stylesheet as defaultStylesheet } from '../stylesheet.js';
import { SiteHeader } from './site-header.js';
import type { SiteHeaderProps } from './site-header.js';
import { markIcon } from './trefoil-mark.js';

export interface LayoutProps extends SiteHeaderProps {
  /** The title of the browser tab. It is also the heading, unless `heading` is given. */
  title: string;
  heading?: ComponentChildren;
  /** A sentence below the heading. */
  lead?: ComponentChildren;
  /** Buttons beside the heading. */
  actions?: ComponentChildren;
  /** The language of the text (BCP 47). */
  lang?: string;
  /** `narrow` for one small form, `regular` for reading, `wide` for tables. */
  width?: 'narrow' | 'regular' | 'wide';
  footer?: ComponentChildren;
  /** URL of the style sheet. */
  stylesheet?: string;
  children?: ComponentChildren;
}

/** A complete HTML page with head, header, one `h1`, main part and footer. */
export function Layout(props: LayoutProps) {
  const { title, brand, lang = 'en', width = 'regular', stylesheet = defaultStylesheet.path } = props;
  return (
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title === brand.name ? title : `${title} · ${brand.name}`}</title>
        <link rel="icon" href={markIcon} />
        <link rel="stylesheet" href={stylesheet} />
      </head>
      <body>
        <a class="skip-link" href="#main">
          Skip to the content
        </a>
        <SiteHeader brand={brand} nav={props.nav} user={props.user} />
        <main id="main" class={`page ${width}`} tabIndex={-1}>
          <header class="page-head">
            <div>
              <h1>{props.heading ?? title}</h1>
              {props.lead && <p class="lead">{props.lead}</p>}
            </div>
            {props.actions && <div class="actions">{props.actions}</div>}
          </header>
          {props.children}
        </main>
        {props.footer && <footer class="site-footer">{props.footer}</footer>}
      </body>
    </html>
  );
}
