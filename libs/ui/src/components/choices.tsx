import { FieldFrame, type FieldProps, inputAttributes } from './field.js';

/** A value that can be chosen, and its text. */
export interface Choice {
  value: string;
  label: string;
}

export interface SelectFieldProps extends FieldProps {
  /** A `value` that is not among them is added, so that no entry is lost. */
  choices: readonly Choice[];
}

/** A labelled list of which one value can be chosen. */
export function SelectField(props: SelectFieldProps) {
  const { value, choices } = props;
  const isMissing = value && !choices.some((choice) => choice.value === value);
  return (
    <FieldFrame {...props} markOptional={false}>
      <select {...inputAttributes(props)}>
        {[...choices, ...(isMissing ? [{ value, label: value }] : [])].map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

export interface CheckboxFieldProps {
  label: string;
  name: string;
  /** Is submitted when the box is checked. */
  value: string;
  checked?: boolean;
  hint?: string | undefined;
  error?: string | undefined;
}

/** A labelled checkbox. */
export function CheckboxField({ label, value, checked, ...field }: CheckboxFieldProps) {
  const { hint, error } = field;
  const attributes = inputAttributes({ label, ...field });
  return (
    <div>
      <div class="choice">
        <input type="checkbox" {...attributes} value={value} checked={checked} />
        <label for={attributes.id}>{label}</label>
      </div>
      {hint && (
        <p class="hint" id={`${attributes.id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${attributes.id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

export interface CheckboxGroupProps {
  /** The text above the checkboxes. */
  legend: string;
  /** The name of every checkbox. */
  name: string;
  choices: readonly Choice[];
  /** The checked values. One that is not among the choices is added, so that no entry is lost. */
  values: readonly string[];
  hint?: string | undefined;
  error?: string | undefined;
}

/** Labelled checkboxes of which several can be chosen. */
export function CheckboxGroup({ legend, name, choices, values, hint, error }: CheckboxGroupProps) {
  const id = `field-${name}`;
  const missing = values.filter((value) => !choices.some((choice) => choice.value === value));
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <fieldset id={id} tabIndex={-1} aria-describedby={describedBy || undefined}>
      <legend>{legend}</legend>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {[...choices, ...missing.map((value) => ({ value, label: value }))].map(({ value, label }, index) => (
        <div key={value} class="choice">
          <input id={`${id}-${index}`} type="checkbox" name={name} value={value} checked={values.includes(value)} />
          <label for={`${id}-${index}`}>{label}</label>
        </div>
      ))}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
