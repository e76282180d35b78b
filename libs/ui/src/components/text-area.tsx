import { FieldFrame, inputAttributes } from './field.js';
import type { FieldProps } from './field.js';

export interface TextAreaProps extends FieldProps {
  rows?: number;
}

/** A labelled input for several lines. */
export function TextArea(props: TextAreaProps) {
  const { rows = 5, value } = props;
  return (
    <FieldFrame {...props}>
      <textarea {...inputAttributes(props)} rows={rows}>
        {keepFirstLine(value ?? '')}
      </textarea>
    </FieldFrame>
  );
}

// HTML ignores a line break directly after the opening tag, so a leading line break must be doubled.
function keepFirstLine(text: string): string {
  return /^\r?\n/.test(text) ? `\n${text}` : text;
}
