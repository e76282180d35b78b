import { Actions, Button, Form, TextArea, TextField } from '@trefoil/ui';
import type { FormDescription } from './form-page.js';

interface SubmittedFormProps {
  /** The path to which the form was submitted. */
  action: string;
  formToken: string;
  form: FormDescription;
  values: Readonly<Record<string, string>>;
}

/** Shows a form that could not be processed with the submitted text, so that the user can send it again. */
export function SubmittedForm({ action, formToken, form: { labels, hidden }, values }: SubmittedFormProps) {
  return (
    <Form action={action} formToken={formToken} hidden={Object.fromEntries(hidden.map((name) => [name, values[name]]))}>
      {Object.entries(labels).map(([name, label]) => {
        const field = { label, name, value: values[name] ?? '' };
        return /[\r\n]/.test(field.value) || field.value.length > 100 ? (
          <TextArea key={name} {...field} />
        ) : (
          <TextField key={name} {...field} />
        );
      })}
      <Actions>
        <Button id="save">Send again</Button>
      </Actions>
    </Form>
  );
}
