// How the page is built: `vite build --config src/dashboard/vite.config.ts` at the repository's root. A plain
// object that imports nothing. Everything is a file of our own under a hashed name: no inline script, style or
// picture, because the page's policy allows none.

export default {
  root: 'src/dashboard',
  base: '/',
  publicDir: 'public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/src/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    // Each browser that knows modules knows preloading, and the polyfill would be one more script.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
};
