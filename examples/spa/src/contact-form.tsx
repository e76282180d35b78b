import { useState } from 'preact/hooks';
import type { Contact } from './bff.js';

/** A form for a new contact. It keeps the text and the idempotency key until the contact was added. */
export function ContactForm({
  onAdd,
}: {
  onAdd: (contact: Pick<Contact, 'name' | 'email'>, idempotencyKey: string) => Promise<boolean>;
}) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [idempotencyKey, setIdempotencyKey] = useState<string>(() => crypto.randomUUID());

  const submit = async (event: Event) => {
    event.preventDefault();
    if (!(await onAdd({ name, email }, idempotencyKey))) return;
    setName('');
    setEmail('');
    setIdempotencyKey(crypto.randomUUID());
  };

  return (
    <form id="new-contact" onSubmit={(event) => void submit(event)}>
      <input
        name="name"
        aria-label="Name"
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
        required
      />
      <input
        name="email"
        aria-label="E-mail"
        value={email}
        onInput={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <button id="add">Add</button>
    </form>
  );
}
