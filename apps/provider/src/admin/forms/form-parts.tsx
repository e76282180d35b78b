import {
  Actions,
  Button,
  ButtonLink,
  CheckboxField,
  CheckboxGroup,
  Form,
  Notice,
  SelectField,
  TextArea,
  TextField,
} from '@trefoil/ui';
import type { ComponentChildren } from 'preact';
import type { SingleUseForm } from './admin-visit.js';
import { CHECKED, type FormField, type FormText } from './form-fields.js';
import type { RefusedForm } from './refused-form.js';

export interface AdminFormProps {
  form: SingleUseForm;
  action: string;
  /** Values of hidden inputs, by name. */
  hidden?: Readonly<Record<string, string>>;
  /** The text of the button that submits the form. */
  submit: string;
  isDangerous?: boolean;
  /** The page that the link beside the button leads to. */
  cancelHref?: string;
  cancel?: string;
  /** The id of the button. */
  id?: string;
  children?: ComponentChildren;
}

/** A form that can be sent once. */
export function AdminForm(props: AdminFormProps) {
  const { form, action, hidden, submit, isDangerous, cancelHref, cancel = 'Cancel', id = 'save', children } = props;
  return (
    <Form action={action} formToken={form.formToken} hidden={{ form_id: form.formId, ...hidden }}>
      {children}
      <Actions>
        <Button id={id} variant={isDangerous ? 'danger' : 'primary'}>
          {submit}
        </Button>
        {cancelHref && (
          <ButtonLink href={cancelHref} variant="secondary">
            {cancel}
          </ButtonLink>
        )}
      </Actions>
    </Form>
  );
}

export interface FormFieldsProps {
  fields: readonly FormField[];
  text: FormText;
  errors?: RefusedForm['errors'] | undefined;
}

/** The inputs of a form, each with its entered text and its error. */
export function FormFields({ fields, text, errors = {} }: FormFieldsProps) {
  return (
    <>
      {fields.map((field) => (
        <FormInput key={field.name} field={field} values={text[field.name] ?? []} error={errors[field.name]} />
      ))}
    </>
  );
}

function FormInput({
  field,
  values,
  error,
}: {
  field: FormField;
  values: readonly string[];
  error: string | undefined;
}) {
  const { kind, name, label, hint, required, choices = [], maxLength } = field;
  const shared = { name, label, hint, error, required };
  const [value] = values;
  if (kind === 'choices') {
    return <CheckboxGroup legend={label} name={name} choices={choices} values={values} hint={hint} error={error} />;
  }
  if (kind === 'flag') {
    return <CheckboxField {...shared} value={CHECKED} checked={values.length > 0} />;
  }
  if (kind === 'choice') return <SelectField {...shared} choices={choices} value={value} />;
  const typed = { ...shared, value, maxLength, autocomplete: 'off', spellcheck: false };
  if (kind === 'lines' || kind === 'json') return <TextArea {...typed} rows={kind === 'json' ? 8 : 3} />;
  if (kind === 'password') return <TextField {...typed} type="password" autocomplete="new-password" />;
  return <TextField {...typed} autocapitalize="none" inputMode={kind === 'number' ? 'numeric' : undefined} />;
}

/** Says above a form that nothing was changed, and links to the fields with errors. */
export function ErrorSummary({ refused }: { refused: RefusedForm | undefined }) {
  if (!refused) return null;
  const errors = Object.entries(refused.errors);
  return (
    <Notice kind="error" title="Nothing was changed" id="refused">
      {refused.message && <p>{refused.message}</p>}
      {errors.length > 0 && (
        <ul>
          {errors.map(([name, error]) => (
            <li key={name}>
              <a href={`#field-${name}`}>{error}</a>
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
