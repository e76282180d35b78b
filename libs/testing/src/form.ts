import type { HTMLElement } from 'node-html-parser';

/** What a person does in a form: text typed or an option chosen, or a box ticked or not, by the name of the field. */
export type FormValues = Record<string, string | boolean>;

/** The request that submitting a form makes. */
export interface Submission {
  method: 'GET' | 'POST';
  url: URL;
  body?: string;
}

/** A form of a page, seen the way a browser without JavaScript sees it. */
export class Form {
  constructor(
    private readonly element: HTMLElement,
    private readonly pageUrl: URL,
    private readonly document: HTMLElement,
  ) {}

  /** The fields and the values they start with; of boxes and radio buttons only those that are ticked. */
  get values(): URLSearchParams {
    return new URLSearchParams(this.fields().flatMap(startingPairs));
  }

  /** The value a field starts with; undefined when the form has no such field. */
  value(name: string): string | undefined {
    return this.values.get(name) ?? undefined;
  }

  /** What is sent when a person fills in `values` and presses `button`, or the Return key when there is none. */
  submission(values: FormValues = {}, button = this.defaultButton()): Submission {
    const data = this.fill(values);
    const name = button?.getAttribute('name');
    if (name) data.append(name, button?.getAttribute('value') ?? '');
    const action = button?.getAttribute('formaction') ?? this.element.getAttribute('action') ?? '';
    const method = button?.getAttribute('formmethod') ?? this.element.getAttribute('method') ?? 'get';
    const url = new URL(action || this.pageUrl.href, this.pageUrl);
    if (method.toLowerCase() === 'post') return { method: 'POST', url, body: data.toString() };
    url.search = data.toString();
    return { method: 'GET', url };
  }

  private fill(values: FormValues): URLSearchParams {
    const fields = this.fields();
    for (const name of Object.keys(values)) {
      if (!fields.some((field) => field.getAttribute('name') === name)) {
        const names = fields.map((field) => field.getAttribute('name')).join(', ');
        throw new Error(`The form has no field named "${name}"; it has: ${names || 'none'}`);
      }
    }
    return new URLSearchParams(fields.flatMap((field) => filledPairs(field, values)));
  }

  private fields(): HTMLElement[] {
    return this.owned('input, select, textarea').filter(
      (field) => field.getAttribute('name') && !field.hasAttribute('disabled') && !isButton(field),
    );
  }

  private defaultButton(): HTMLElement | undefined {
    return this.owned('button, input').find((element) => isSubmitButton(element) && !element.hasAttribute('disabled'));
  }

  /** Elements inside the form, and those elsewhere that name it in their `form` attribute, in the page's order. */
  private owned(selector: string): HTMLElement[] {
    return this.document
      .querySelectorAll(selector)
      .filter((element) => formOf(element, this.document) === this.element);
  }
}

/** The form an element belongs to. */
export function formOf(element: HTMLElement, document: HTMLElement): HTMLElement | null {
  const id = element.getAttribute('form');
  return id ? document.querySelector(`form[id="${id}"]`) : element.closest('form');
}

/** Whether pressing an element submits its form. */
export function isSubmitButton(element: HTMLElement): boolean {
  const type = element.getAttribute('type')?.toLowerCase();
  if (element.tagName === 'BUTTON') return type === undefined || type === 'submit';
  return element.tagName === 'INPUT' && (type === 'submit' || type === 'image');
}

function isButton(element: HTMLElement): boolean {
  return /^(submit|image|button|reset|file)$/i.test(element.getAttribute('type') ?? '');
}

function isTickable(field: HTMLElement): boolean {
  return /^(checkbox|radio)$/i.test(field.getAttribute('type') ?? '');
}

function startingPairs(field: HTMLElement): [string, string][] {
  if (isTickable(field) && !field.hasAttribute('checked')) return [];
  return [[nameOf(field), startingValue(field)]];
}

function filledPairs(field: HTMLElement, values: FormValues): [string, string][] {
  const name = nameOf(field);
  const value = values[name];
  if (value === undefined) return startingPairs(field);
  if (!isTickable(field)) return [[name, String(value)]];
  const ticked = typeof value === 'boolean' ? value : value === startingValue(field);
  return ticked ? [[name, startingValue(field)]] : [];
}

function startingValue(field: HTMLElement): string {
  if (field.tagName === 'TEXTAREA') return field.textContent.replace(/^\n/, '');
  if (field.tagName === 'SELECT') {
    const option = field.querySelector('option[selected]') ?? field.querySelector('option');
    return option?.getAttribute('value') ?? option?.textContent ?? '';
  }
  return field.getAttribute('value') ?? (isTickable(field) ? 'on' : '');
}

function nameOf(field: HTMLElement): string {
  return field.getAttribute('name') ?? '';
}
