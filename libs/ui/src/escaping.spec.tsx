import type { VNode } from 'preact';
import {
  Avatar,
  Button,
  ButtonLink,
  Card,
  DescriptionList,
  EmptyState,
  ErrorPage,
  FlowDiagram,
  Form,
  Layout,
  Notice,
  ScopeList,
  Steps,
  Table,
  TextArea,
  TextField,
  renderPage,
} from './index.js';

const hostile = `</textarea></title></style>"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;`;

const hostileElements: Record<string, VNode> = {
  Avatar: <Avatar name={hostile} />,
  Button: (
    <Button id={hostile} name={hostile} value={hostile} label={hostile}>
      {hostile}
    </Button>
  ),
  ButtonLink: <ButtonLink href={hostile}>{hostile}</ButtonLink>,
  Card: (
    <Card title={hostile} footer={hostile}>
      {hostile}
    </Card>
  ),
  DescriptionList: <DescriptionList items={[{ term: hostile, description: hostile }]} />,
  EmptyState: <EmptyState title={hostile}>{hostile}</EmptyState>,
  ErrorPage: (
    <ErrorPage
      title={hostile}
      message={hostile}
      brand={{ name: hostile }}
      id={hostile}
      next={[{ href: hostile, label: hostile }]}
    />
  ),
  FlowDiagram: <FlowDiagram hosts={{ provider: hostile }} />,
  Form: <Form action={hostile} formToken={hostile} hidden={{ [hostile]: hostile }} />,
  Layout: (
    <Layout
      title={hostile}
      lead={hostile}
      lang={hostile}
      brand={{ name: hostile, href: hostile }}
      nav={[{ href: hostile, label: hostile }]}
      user={{ name: hostile, href: hostile }}
      footer={hostile}
    />
  ),
  Notice: <Notice title={hostile}>{hostile}</Notice>,
  ScopeList: <ScopeList permissions={[{ scope: hostile, title: hostile, detail: hostile }]} />,
  Steps: <Steps items={[{ title: hostile, children: hostile }]} />,
  Table: (
    <Table
      caption={hostile}
      rows={[hostile]}
      columns={[
        { header: hostile, cell: (row) => row },
        { header: `${hostile}2`, cell: (row) => row },
      ]}
    />
  ),
  TextArea: <TextArea label={hostile} name="notes" value={hostile} hint={hostile} error={hostile} />,
  TextField: <TextField label={hostile} name="name" value={hostile} hint={hostile} error={hostile} />,
};

it.each(Object.entries(hostileElements))('%s escapes hostile text in every property', (_, element) => {
  const html = renderPage(element);
  // Without the quoted values, a tag consists only of its name and the names of its attributes.
  const markup = html.replace(/"[^"]*"/g, '""');
  expect(markup).not.toMatch(/<(script|img)/i);
  expect(markup).not.toMatch(/<[^>]*onerror/i);
});

it('preserves the text when it is escaped', () => {
  expect(renderPage(<p>{'Tom & "Jerry" <tom@example.com>'}</p>)).toBe(
    '<!doctype html><p>Tom &amp; &quot;Jerry&quot; &lt;tom@example.com></p>',
  );
});
