// @ts-check
export { runEndings as default } from './ending.mjs';
