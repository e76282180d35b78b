import { type HTMLElement, parse } from 'node-html-parser';
import type { Browser } from './browser.js';
import { Form, formOf, type FormValues, isSubmitButton } from './form.js';
import type { Exchange } from './http-exchange.js';

/** What a {@link Browser} shows after it went somewhere. */
export class Page {
  private parsed: HTMLElement | undefined;

  constructor(
    private readonly browser: Browser,
    /** Every exchange on the way here, the last one being this page's own. */
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

  /** The body as it was received. */
  get body(): string {
    return this.exchange.body;
  }

  /** Where this response redirects to; pages of a redirect are seen only where the browser does not follow it. */
  get location(): URL | undefined {
    const location = this.headers.get('location');
    return location === null ? undefined : new URL(location, this.url);
  }

  get document(): HTMLElement {
    return (this.parsed ??= parse(this.body));
  }

  /** What a person reads: the text of the page's body, white space collapsed. */
  get text(): string {
    const body = this.document.querySelector('body') ?? this.document;
    return body.structuredText.replace(/\s+/g, ' ').trim();
  }

  /** The text of the page's `<title>`. */
  get title(): string {
    return this.document.querySelector('title')?.textContent.trim() ?? '';
  }

  json<T = unknown>(): T {
    return JSON.parse(this.body) as T;
  }

  /** Whether the page has an element that matches a CSS selector. */
  has(selector: string): boolean {
    return this.document.querySelector(selector) !== null;
  }

  /** The form that matches a CSS selector, or that holds the element which does. */
  form(selector = 'form'): Form {
    return new Form(this.formElement(this.element(selector)), this.url, this.document);
  }

  /** Fills in a form and submits it; `selector` is the button to press, or the form itself. */
  async submit(selector: string, values: FormValues = {}): Promise<Page> {
    const element = this.element(selector);
    const { method, url, body } = this.form(selector).submission(values, isSubmitButton(element) ? element : undefined);
    return this.browser.navigate(method, url, { body, from: this });
  }

  /** Follows the link with this text. */
  async click(linkText: string): Promise<Page> {
    return this.browser.navigate('GET', this.link(linkText), { from: this });
  }

  /** Where the link with this text leads. */
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
    if (!form) throw new Error(`${element.outerHTML.slice(0, 100)} is in no form`);
    return form;
  }

  private missing(what: string, instead: string): Error {
    return new Error(`${this.url.href} (status ${this.status}) has no ${what}. It has: ${instead.slice(0, 2_000)}`);
  }
}

function textOf(element: HTMLElement): string {
  return (element.textContent.trim() || (element.getAttribute('aria-label') ?? '')).replace(/\s+/g, ' ');
}
