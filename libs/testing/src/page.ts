import { type HTMLElement, parse } from 'node-html-parser';
import type { Browser } from './browser.js';
import { Form, formOf, type FormValues, isSubmitButton } from './form.js';
import type { Exchange } from './http-exchange.js';

/** The page that a {@link Browser} shows after a navigation. */
export class Page {
  private parsed: HTMLElement | undefined;

  constructor(
    private readonly browser: Browser,
    /** The requests and responses of the redirects that led here, and as the last one that of this page. */
    readonly hops: readonly [...Exchange[], Exchange],
  ) {}

  private get exchange(): Exchange {
    return this.hops[this.hops.length - 1] as Exchange;
  }

  get status(): number {
    return this.exchange.status;
  }

  get url(): URL {
    return this.exchange.request.url;
  }

  get headers(): Headers {
    return this.exchange.headers;
  }

  /** Returns the body as it was received. */
  get body(): string {
    return this.exchange.body;
  }

  /** Returns the target of a redirect that the browser did not follow. */
  get location(): URL | undefined {
    const location = this.headers.get('location');
    return location === null ? undefined : new URL(location, this.url);
  }

  get document(): HTMLElement {
    return (this.parsed ??= parse(this.body));
  }

  /** Returns the visible text of the page with white space collapsed. */
  get text(): string {
    const body = this.document.querySelector('body') ?? this.document;
    return body.structuredText.replace(/\s+/g, ' ').trim();
  }

  /** Returns the text of the `<title>` element. */
  get title(): string {
    return this.document.querySelector('title')?.textContent.trim() ?? '';
  }

  /** Parses the body as JSON. */
  json<T = unknown>(): T {
    return JSON.parse(this.body) as T;
  }

  /** Returns whether an element of the page matches a CSS selector. */
  has(selector: string): boolean {
    return this.document.querySelector(selector) !== null;
  }

  /** Returns the form that matches a CSS selector, or the form of the element that matches it. */
  form(selector = 'form'): Form {
    return new Form(this.formElement(this.element(selector)), this.url, this.document);
  }

  /** Fills in a form and submits it. The CSS selector names the button to press, or the form itself. */
  async submit(selector: string, values: FormValues = {}): Promise<Page> {
    const element = this.element(selector);
    const { method, url, body } = this.form(selector).submission(values, isSubmitButton(element) ? element : undefined);
    return this.browser.navigate(method, url, { body, from: this });
  }

  /** Follows the link with a given text. */
  async click(linkText: string): Promise<Page> {
    return this.browser.navigate('GET', this.link(linkText), { from: this });
  }

  /** Returns the target of the link with a given text. */
  link(text: string): URL {
    const links = this.document.querySelectorAll('a[href]');
    const found = links.find((link) => textOf(link) === text) ?? links.find((link) => textOf(link).includes(text));
    if (!found) throw this.missing(`link "${text}"`, links.map(textOf).join(' | '));
    return new URL(found.getAttribute('href') ?? '', this.url);
  }

  private element(selector: string): HTMLElement {
    const element = this.document.querySelector(selector);
    if (!element) throw this.missing(`element ${selector}`, this.text);
    return element;
  }

  private formElement(element: HTMLElement): HTMLElement {
    const form = element.tagName === 'FORM' ? element : formOf(element, this.document);
    if (!form) throw new Error(`${element.outerHTML.slice(0, 100)} does not belong to a form`);
    return form;
  }

  private missing(what: string, instead: string): Error {
    return new Error(`${this.url.href} (status ${this.status}) has no ${what}. It has: ${instead.slice(0, 2_000)}`);
  }
}

function textOf(element: HTMLElement): string {
  return (element.textContent.trim() || (element.getAttribute('aria-label') ?? '')).replace(/\s+/g, ' ');
}
