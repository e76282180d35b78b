import { Card } from '@trefoil/ui';
import { ProblemError } from '@trefoil/server-kit';
import type { RequestOrigin } from '../../http/request-origin.js';
import { AdminLayout } from '../admin-layout.js';
import type { SectionPath } from '../sections.js';
import { type AdminVisit, pathOf } from './admin-visit.js';
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

/** The things of one section, and what an administrator confirms for one of them. */
export interface ConfirmedSection<Subject> {
  readonly path: SectionPath;
  /** Finds a thing by the id in the address of its pages, or throws when there is none. */
  readonly find: (id: string) => Promise<Subject>;
  /** The actions by the last segment of their path. */
  readonly actions: Readonly<Record<string, ConfirmedAction<Subject>>>;
}

/**
 * Answers with the page that asks for the confirmation of an action.
 *
 * @param visit undefined when the request has been answered already.
 * @throws ProblemError 404 when there is no such action or thing.
 */
export async function askConfirmation<Subject>(
  visit: AdminVisit | undefined,
  section: ConfirmedSection<Subject>,
  name: string,
): Promise<void> {
  if (!visit) return;
  const action = actionNamed(section, name);
  sendConfirmation(visit, section.path, [name, action], await section.find(visit.id));
}

/**
 * Runs a confirmed action and redirects to its result, or shows on the page of the confirmation why it was refused.
 *
 * @param visit undefined when the request has been answered already.
 * @throws ProblemError 404 when there is no such action or thing.
 */
export async function runConfirmed<Subject>(
  visit: AdminVisit | undefined,
  section: ConfirmedSection<Subject>,
  name: string,
): Promise<void> {
  if (!visit) return;
  const action = actionNamed(section, name);
  const subject = await section.find(visit.id);
  const { refused } = await attempt([], () => action.run(subject, visit.origin));
  if (refused) return sendConfirmation(visit, section.path, [name, action], subject, refused);
  visit.redirect(action.next(subject));
}

function actionNamed<Subject>({ actions }: ConfirmedSection<Subject>, name: string): ConfirmedAction<Subject> {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new ProblemError(404, 'Not Found');
  return action;
}

function sendConfirmation<Subject>(
  visit: AdminVisit,
  section: SectionPath,
  [name, action]: readonly [string, ConfirmedAction<Subject>],
  subject: Subject,
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
          action={pathOf(`${section}/${name}`, visit.id)}
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
