import type { ComponentChildren } from 'preact';

/** The properties that every labelled input has. */
export interface FieldProps {
  label: string;
  name: string;
  /** Must be unique in the page. The default is `field-<name>`. */
  id?: string;
  value?: string | null | undefined;
  required?: boolean;
  /** A hint above the input that explains what to enter. */
  hint?: ComponentChildren;
  /** A message below the input that explains what to correct. It also marks the input as invalid. */
  error?: string | undefined;
  autocomplete?: string;
  autofocus?: boolean;
  maxLength?: number;
  readOnly?: boolean;
  spellcheck?: boolean;
}

/** Returns the attributes that connect an input with its label, hint and error. */
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
  /** Shows the label to assistive technology only. */
  labelHidden?: boolean;
  /** Shows `(optional)` beside the label of a field that is not required. */
  markOptional?: boolean;
  children: ComponentChildren;
}

/** Arranges label, hint, input (`children`) and error vertically. */
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
