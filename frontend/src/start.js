// The files of a page, before the router asks for them one after another: of the first now, of others when they come.
// `FILES`, and `ROUTES` (path pattern, numbers of files, numbers of messages by language), are put before it by
// scripts/finish-build.mjs.
(() => {
  const language = document.documentElement.lang;
  const asked = new Set();
  window.__preload = (path) => {
    const route = ROUTES.find(([pattern]) => new RegExp(pattern).test(path));
    for (const number of [...(route?.[1] ?? []), ...(route?.[2][language] ?? route?.[2].en ?? [])]) {
      if (asked.has(number)) continue;
      asked.add(number);
      const file = FILES[number];
      const link = document.createElement('link');
      link.rel = file.endsWith('.css') ? 'stylesheet' : 'modulepreload';
      link.href = `/_app/immutable/${file}`;
      document.head.append(link);
    }
  };
  window.__preload(location.pathname);
})();
