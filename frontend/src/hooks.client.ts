import type { HandleClientError } from '@sveltejs/kit';
import { Problem } from '$lib/api/problem';
import { loadMessages } from '$lib/i18n/index.svelte';
import { messageOf, requestIdOf } from '$lib/ui/errors';

/** What is shown when the reading of a page failed. */
export const handleError: HandleClientError = async ({ error }) => {
  await loadMessages('common');
  return {
    message: messageOf(error),
    code: error instanceof Problem ? error.code : 'unexpected',
    requestId: requestIdOf(error),
  };
};
