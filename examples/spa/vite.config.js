import { defineConfig } from 'vite';

/** Builds the app for its place behind the frontend server, whose SPA_DIRECTORY names `dist/site`. */
export default defineConfig({
  base: '/app/',
  build: {
    outDir: 'dist/site',
    // The policy of the server allows files, and no `data:` scripts or polyfills of other kinds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // During development the app runs on a port of its own, and the frontend answers its requests.
  server: { proxy: { '/bff': 'http://localhost:3000' } },
});
