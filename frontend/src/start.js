// Runs before anything is drawn, as a file of its own because the content security policy allows no inline script.
// `FILES`, and `ROUTES` (path pattern, numbers of files, numbers of messages by language), are put before it by
// scripts/finish-build.mjs.
(() => {
  const root = document.documentElement;
  const read = (name) => {
    try {
      return localStorage.getItem(`studium.${name}`);
    } catch {
      return null;
    }
  };

  const theme = read('theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const scale = Number(read('scale'));
  if (scale >= 0.8 && scale <= 2) root.style.setProperty('--text-scale', String(scale));
  const language = read('language') ?? navigator.language.slice(0, 2);
  root.lang = language;

  // The files of a page, before the router asks for them one after another: of the first now, of others when they come.
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

  // What the page will ask for first, while its scripts are still on their way.
  if (!document.cookie.includes('studium_csrf=')) return;
  const session = /^\/practice\/([0-9a-f-]{36})$/.exec(location.pathname);
  const wanted = ['/api/v1/users/me', ...(session ? [`/api/v1/practice-sessions/${session[1]}`] : [])];
  window.__early = new Map(wanted.map((url) => [url, fetch(url, { headers: { accept: 'application/json' } })]));
  for (const reply of window.__early.values()) reply.catch(() => {});
})();
