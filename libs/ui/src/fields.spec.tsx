import { Button, CheckboxField, CheckboxGroup, Form, SelectField, TextArea, TextField, renderPage } from './index.js';

describe('a field', () => {
  it('has a label', () => {
    const html = renderPage(<TextField label="E-mail address" name="username" required />);
    expect(html).toContain('<label for="field-username">E-mail address</label>');
    expect(html).toMatch(/<input id="field-username" name="username" required/);
    expect(html).not.toContain('aria-');
  });

  it.each([
    ['TextField', <TextField label="Name" name="name" hint="In full." error="Enter a name." />],
    ['TextArea', <TextArea label="Name" name="name" hint="In full." error="Enter a name." />],
    ['SelectField', <SelectField label="Name" name="name" hint="In full." error="Enter a name." choices={[]} />],
    ['CheckboxField', <CheckboxField label="Name" name="name" value="1" hint="In full." error="Enter a name." />],
  ])('is connected with its hint and its error: %s (WCAG 2.2 §3.3.1)', (_, element) => {
    const html = renderPage(element);
    expect(html).toMatch(/aria-invalid="true"/);
    expect(html).toContain('aria-describedby="field-name-hint field-name-error"');
    expect(html).toContain('<p class="hint" id="field-name-hint">In full.</p>');
    expect(html).toContain('<p class="field-error" id="field-name-error">Enter a name.</p>');
  });

  it('derives the ids of its hint and error from its own id, so that a page may have two fields with the same name', () => {
    const html = renderPage(<TextField label="Name" name="name" id="second" error="Enter a name." />);
    expect(html).toContain('<label for="second">');
    expect(html).toContain('aria-describedby="second-error"');
    expect(html).toContain('id="second-error"');
  });

  it('shows what was entered before, except a password', () => {
    expect(renderPage(<TextField label="Name" name="name" value="Alice" />)).toContain('value="Alice"');
    expect(renderPage(<TextField label="Password" name="password" type="password" value="secret" />)).not.toContain(
      'secret',
    );
  });

  it('keeps an empty first line, which HTML would ignore', () => {
    expect(renderPage(<TextArea label="Notes" name="notes" value={'\nsecond'} />)).toMatch(
      /<textarea[^>]*>\n\nsecond</,
    );
    expect(renderPage(<TextArea label="Notes" name="notes" value="first" />)).toMatch(/<textarea[^>]*>first</);
  });

  it('is marked as optional, unless it is required or a search field', () => {
    expect(renderPage(<TextField label="Phone" name="phone" />)).toContain('(optional)');
    expect(renderPage(<TextField label="Name" name="name" required />)).not.toContain('(optional)');
    expect(renderPage(<TextField label="Search" name="search" type="search" />)).not.toContain('(optional)');
  });
});

describe('a choice', () => {
  const choices = [
    { value: 'a', label: 'First' },
    { value: 'b', label: 'Second' },
  ];

  it('shows the text of each value, and marks the chosen one', () => {
    const html = renderPage(<SelectField label="Kind" name="kind" choices={choices} value="b" />);
    expect(html).toContain('<option value="a">First</option><option value="b" selected>Second</option>');
  });

  it('keeps a value that is not offered', () => {
    expect(renderPage(<SelectField label="Kind" name="kind" choices={choices} value="c" />)).toContain('value="c"');
    const group = renderPage(<CheckboxGroup legend="Kinds" name="kinds" choices={choices} values={['c']} />);
    expect(group).toMatch(/value="c" checked/);
  });

  it('of several values has a legend, and its error describes the group (WCAG 2.2 §1.3.1)', () => {
    const html = renderPage(
      <CheckboxGroup
        legend="Kinds"
        name="kinds"
        choices={choices}
        values={[]}
        hint="One or more."
        error="Choose one."
      />,
    );
    expect(html).toContain('<legend>Kinds</legend>');
    expect(html).toContain('aria-describedby="field-kinds-hint field-kinds-error"');
    expect(html).toContain('<label for="field-kinds-1">Second</label>');
  });
});

describe('a form', () => {
  it('carries the form token and its hidden values', () => {
    const html = renderPage(
      <Form action="/consent" formToken="token-1" hidden={{ request: 'r-1', absent: undefined }} />,
    );
    expect(html).toBe(
      '<!doctype html><form method="post" action="/consent" class="form">' +
        '<input type="hidden" name="form_token" value="token-1"/><input type="hidden" name="request" value="r-1"/></form>',
    );
  });

  it('carries no form token with the method get', () => {
    expect(renderPage(<Form method="get" action="/contacts" />)).not.toContain('form_token');
  });

  it('has real buttons with stable ids and values', () => {
    const html = renderPage(
      <Button id="allow" name="decision" value="allow">
        Allow
      </Button>,
    );
    expect(html).toContain(
      '<button type="submit" class="button primary" id="allow" name="decision" value="allow">Allow</button>',
    );
  });
});
