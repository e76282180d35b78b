import type { ComponentChildren } from 'preact';

interface CommonFormProps {
  action: string;
  id?: string;
  /** Describes the form for assistive technology, when no heading does. */
  label?: string;
  /** `search` makes it a search landmark. */
  role?: 'search';
  /** The values of hidden inputs, by name. */
  hidden?: Readonly<Record<string, string | undefined>>;
  class?: string;
  children?: ComponentChildren;
}

interface PostFormProps extends CommonFormProps {
  method?: 'post';
  /** The value of the hidden input `form_token`, which proves that the form came from our page. */
  formToken: string;
}

interface GetFormProps extends CommonFormProps {
  method: 'get';
  formToken?: never;
}

export type FormProps = PostFormProps | GetFormProps;

/** A form. With the method `post`, the default, it always carries a form token. */
export function Form(props: FormProps) {
  const { method = 'post', action, id, label, role, hidden = {} } = props;
  return (
    <form method={method} action={action} id={id} role={role} aria-label={label} class={props.class ?? 'form'}>
      {props.formToken !== undefined && <input type="hidden" name="form_token" value={props.formToken} />}
      {Object.entries(hidden).map(
        ([name, value]) => value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
      )}
      {props.children}
    </form>
  );
}
