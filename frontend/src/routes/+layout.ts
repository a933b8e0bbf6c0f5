import { languageFor, setLanguage } from '$lib/i18n/index.svelte';
import type { LayoutLoad } from './$types';

export const ssr = false;

export const load: LayoutLoad = async () => {
  await setLanguage(languageFor(localStorage.getItem('studium.language'), ...navigator.languages));
};
