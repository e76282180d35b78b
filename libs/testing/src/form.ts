import type { HTMLElement } from 'node-html-parser';

/** The values that the user enters in a form, by field name: a text or option, or whether a checkbox is checked. */
export type FormValues = Record<string, string | boolean>;

/** The request that submits a form. */
export interface Submission {
  method: 'GET' | 'POST';
  url: URL;
  body?: string;
}

/** A form of a page, as a browser without JavaScript treats it. */
export class Form {
  constructor(
    private readonly element: HTMLElement,
    private readonly pageUrl: URL,
    private readonly document: HTMLElement,
  ) {}

  /** Returns the fields with their initial values. Unchecked checkboxes and radio buttons are left out. */
  get values(): URLSearchParams {
    return new URLSearchParams(this.fields().flatMap(initialPairs));
  }

  /** Returns the initial value of a field. Undefined when the form has no such field. */
  value(name: string): string | undefined {
    return this.values.get(name) ?? undefined;
  }

  /** Returns the request after the user filled in `values` and pressed `button`, or the Return key without a button. */
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

  /** Returns the elements that belong to the form, also by their `form` attribute, in document order. */
  private owned(selector: string): HTMLElement[] {
    return this.document
      .querySelectorAll(selector)
      .filter((element) => formOf(element, this.document) === this.element);
  }
}

/** Returns the form to which an element belongs. */
export function formOf(element: HTMLElement, document: HTMLElement): HTMLElement | null {
  const id = element.getAttribute('form');
  return id ? document.querySelector(`form[id="${id}"]`) : element.closest('form');
}

/** Returns whether pressing an element submits its form. */
export function isSubmitButton(element: HTMLElement): boolean {
  const type = element.getAttribute('type')?.toLowerCase();
  if (element.tagName === 'BUTTON') return type === undefined || type === 'submit';
  return element.tagName === 'INPUT' && (type === 'submit' || type === 'image');
}

function isButton(element: HTMLElement): boolean {
  return /^(submit|image|button|reset|file)$/i.test(element.getAttribute('type') ?? '');
}

function isCheckable(field: HTMLElement): boolean {
  return /^(checkbox|radio)$/i.test(field.getAttribute('type') ?? '');
}

function initialPairs(field: HTMLElement): [string, string][] {
  if (isCheckable(field) && !field.hasAttribute('checked')) return [];
  return [[nameOf(field), initialValue(field)]];
}

function filledPairs(field: HTMLElement, values: FormValues): [string, string][] {
  const name = nameOf(field);
  const value = values[name];
  if (value === undefined) return initialPairs(field);
  if (!isCheckable(field)) return [[name, String(value)]];
  const isChecked = typeof value === 'boolean' ? value : value === initialValue(field);
  return isChecked ? [[name, initialValue(field)]] : [];
}

function initialValue(field: HTMLElement): string {
  if (field.tagName === 'TEXTAREA') return field.textContent.replace(/^\n/, '');
  if (field.tagName === 'SELECT') {
    const option = field.querySelector('option[selected]') ?? field.querySelector('option');
    return option?.getAttribute('value') ?? option?.textContent ?? '';
  }
  return field.getAttribute('value') ?? (isCheckable(field) ? 'on' : '');
}

function nameOf(field: HTMLElement): string {
  return field.getAttribute('name') ?? '';
}
