// Runs before the page is read any further, and waits for no style: what is needed before anything is drawn, and the
// first requests. A file of its own because the content security policy allows no inline script.
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
  root.lang = read('language') ?? navigator.language.slice(0, 2);

  // What the page will ask for first, while its scripts are still on their way. Read whole as well: a body that nobody
  // has begun to read waits, and costs as much again when the page is there.
  if (!document.cookie.includes('studium_csrf=')) return;
  const session = /^\/practice\/([0-9a-f-]{36})$/.exec(location.pathname);
  const wanted = ['/api/v1/users/me', ...(session ? [`/api/v1/practice-sessions/${session[1]}`] : [])];
  const whole = async (reply) => new Response(await reply.text(), reply);
  const ask = (url) => fetch(url, { headers: { accept: 'application/json' } }).then(whole);
  window.__early = new Map(wanted.map((url) => [url, ask(url)]));
  for (const reply of window.__early.values()) reply.catch(() => {});
})();
