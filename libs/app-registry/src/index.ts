export { type App, type AppKind, mtlsPortFor } from './app.js';
export {
  databaseName,
  keyVariable,
  mtlsPortVariable,
  mtlsUrlVariable,
  portVariable,
  productName,
  urlVariable,
} from './names.js';
export { type AppRegistry, readAppRegistry } from './app-registry.js';
