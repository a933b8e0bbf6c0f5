// One chunk: whoever comes to a question first has no need of it.
export { default as Navigation } from './Navigation.svelte';
export { entriesFor } from './entries';
