export * from './account.js';
export * from './contact.js';
export * from './event.js';
export * from './problem.js';
export * from './profile.js';
export * from './scopes/account-scopes.js';
export * from './scopes/contact-scopes.js';
export * from './scopes/scope.js';
