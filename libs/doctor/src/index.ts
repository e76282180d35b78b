export { type Check, type Finding, GROUPS, type Outcome, type Severity } from './check.js';
export { checkList } from './check-list.js';
export { type Output, runDoctor } from './run-doctor.js';
