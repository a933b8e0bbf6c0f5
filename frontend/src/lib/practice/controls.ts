// One chunk, fetched once the question is on the screen.
export { default as Actions } from './Actions.svelte';
export { default as Options } from './Options.svelte';
export { default as Why } from './Why.svelte';
