import { createElement } from 'preact';
import type { LooseInputHTMLAttributes } from 'preact';
import { FieldFrame, inputAttributes } from './field.js';
import type { FieldProps } from './field.js';

export interface TextFieldProps extends FieldProps {
  /** A `password` is never sent back: its `value` is ignored. */
  type?: 'text' | 'email' | 'tel' | 'password' | 'search' | 'url';
  inputMode?: 'text' | 'email' | 'tel' | 'url' | 'numeric' | 'search';
  autocapitalize?: 'none' | 'sentences' | 'words' | 'characters';
  pattern?: string;
  /** Keeps the label for assistive technology only. */
  labelHidden?: boolean;
}

/** A labelled one-line input. */
export function TextField(props: TextFieldProps) {
  const { type = 'text', value } = props;
  return (
    <FieldFrame {...props} markOptional={type !== 'search'}>
      {input({
        ...inputAttributes(props),
        type,
        value: type === 'password' ? undefined : (value ?? undefined),
        inputMode: props.inputMode,
        autocapitalize: props.autocapitalize,
        pattern: props.pattern,
      })}
    </FieldFrame>
  );
}

// Preact types JSX inputs by the literal of their `type`; here it is a variable.
function input(attributes: LooseInputHTMLAttributes) {
  return createElement<LooseInputHTMLAttributes>('input', attributes);
}
