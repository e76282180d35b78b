import type { ComponentChildren } from 'preact';

/** What every labelled input has. */
export interface FieldProps {
  label: string;
  name: string;
  /** Unique in the page; `field-<name>` unless given. */
  id?: string;
  value?: string | null | undefined;
  required?: boolean;
  /** Shown before the input: what to enter. */
  hint?: ComponentChildren;
  /** Shown with the input, which is then marked as invalid: what to correct. */
  error?: string | undefined;
  autocomplete?: string;
  autofocus?: boolean;
  maxLength?: number;
  readOnly?: boolean;
  spellcheck?: boolean;
}

/** The attributes that tie an input to its label, hint and error. */
export function inputAttributes({ name, id = `field-${name}`, required, hint, error, ...rest }: FieldProps) {
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return {
    id,
    name,
    required,
    autocomplete: rest.autocomplete,
    autofocus: rest.autofocus,
    maxLength: rest.maxLength,
    readOnly: rest.readOnly,
    spellcheck: rest.spellcheck,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': describedBy || undefined,
  };
}

export interface FieldFrameProps extends FieldProps {
  /** Keeps the label for assistive technology only. */
  labelHidden?: boolean;
  /** Says `optional` beside the label of a field that is not required. */
  markOptional?: boolean;
  children: ComponentChildren;
}

/** Label, hint, the input itself (`children`) and error, one above the other. */
export function FieldFrame(props: FieldFrameProps) {
  const { label, name, id = `field-${name}`, required, hint, error, labelHidden, markOptional = true } = props;
  return (
    <div class="field">
      <label for={id} class={labelHidden ? 'visually-hidden' : undefined}>
        {label}
        {markOptional && !required && <span class="optional"> (optional)</span>}
      </label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {props.children}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
