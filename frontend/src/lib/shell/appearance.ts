export type Theme = 'system' | 'light' | 'dark';

/** Kept in the browser too, so that the start script can apply them before anything is drawn. */
export function applyAppearance(theme: Theme | null, textScale: number | null): void {
  const root = document.documentElement;
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  else delete root.dataset.theme;
  if (textScale) root.style.setProperty('--text-scale', String(textScale));
  else root.style.removeProperty('--text-scale');
  localStorage.setItem('studium.theme', theme ?? 'system');
  localStorage.setItem('studium.scale', String(textScale ?? 1));
}
