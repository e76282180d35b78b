import { Card } from '@trefoil/ui';
import { ProblemError } from '@trefoil/server-kit';
import type { RequestOrigin } from '../../http/request-origin.js';
import { AdminLayout } from '../admin-layout.js';
import type { SectionPath } from '../sections.js';
import type { AdminVisit } from './admin-visit.js';
import { pathOf } from './admin-visit.js';
import { AdminForm, ErrorSummary } from './form-parts.js';
import { attempt, type RefusedForm } from './refused-form.js';

/** An action on one thing that an administrator confirms on a page of its own. */
export interface ConfirmedAction<Subject> {
  readonly title: (subject: Subject) => string;
  /** What will end or change, one sentence each. */
  readonly effects: readonly string[];
  /** The text of the button. */
  readonly button: string;
  readonly isDangerous: boolean;
  readonly run: (subject: Subject, origin: RequestOrigin) => Promise<unknown>;
  /** Returns the page that shows the result. */
  readonly next: (subject: Subject) => string;
  /** Returns the page to go back to without the action. */
  readonly back: (subject: Subject) => string;
}

/** The actions of a section by the last segment of their path. */
export type ConfirmedActions<Subject> = Readonly<Record<string, ConfirmedAction<Subject>>>;

/** A thing, with its id in the address of its pages. */
export interface ActionSubject<Subject> {
  readonly id: string;
  readonly subject: Subject;
}

/**
 * Returns the action with a name.
 *
 * @throws ProblemError 404
 */
export function actionNamed<Subject>(actions: ConfirmedActions<Subject>, name: string): ConfirmedAction<Subject> {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new ProblemError(404, 'Not Found');
  return action;
}

/** Answers with the page that asks for the confirmation of an action. */
export function askConfirmation<Subject>(
  visit: AdminVisit,
  section: SectionPath,
  [name, action]: readonly [string, ConfirmedAction<Subject>],
  { id, subject }: ActionSubject<Subject>,
  refused?: RefusedForm,
): void {
  const { title, effects, button, isDangerous, back } = action;
  visit.send(
    <AdminLayout {...visit.page.frame} section={section} title={title(subject)}>
      <ErrorSummary refused={refused} />
      <Card>
        {effects.map((effect) => (
          <p key={effect}>{effect}</p>
        ))}
        <AdminForm
          form={visit.page.form}
          action={pathOf(`${section}/${name}`, id)}
          submit={button}
          isDangerous={isDangerous}
          cancelHref={back(subject)}
          cancel="Change nothing"
          id="confirm"
        />
      </Card>
    </AdminLayout>,
    refused?.status,
  );
}

/** Runs a confirmed action and redirects to its result, or shows on the page of the confirmation why it was refused. */
export async function runConfirmed<Subject>(
  visit: AdminVisit,
  section: SectionPath,
  [name, action]: readonly [string, ConfirmedAction<Subject>],
  about: ActionSubject<Subject>,
): Promise<void> {
  const { refused } = await attempt([], () => action.run(about.subject, visit.origin));
  if (refused) return askConfirmation(visit, section, [name, action], about, refused);
  visit.redirect(action.next(about.subject));
}
