export * from './account.js';
export * from './contact.js';
export * from './event.js';
export * from './problem.js';
export * from './profile.js';
