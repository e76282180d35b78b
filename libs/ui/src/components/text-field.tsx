import { createElement } from 'preact';
import type { LooseInputHTMLAttributes } from 'preact';
import { FieldFrame, inputAttributes } from './field.js';
import type { FieldProps } from './field.js';

export interface TextFieldProps extends FieldProps {
  /** The `value` of a `password` is ignored, so that passwords are never sent back to the browser. */
  type?: 'text' | 'email' | 'tel' | 'password' | 'search' | 'url';
  inputMode?: 'text' | 'email' | 'tel' | 'url' | 'numeric' | 'search';
  autocapitalize?: 'none' | 'sentences' | 'words' | 'characters';
  pattern?: string;
  /** Shows the label to assistive technology only. */
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

// Preact's type of a JSX input depends on the literal of its `type`. Here it is a variable.
function input(attributes: LooseInputHTMLAttributes) {
  return createElement<LooseInputHTMLAttributes>('input', attributes);
}
