import type { HandleClientError } from '@sveltejs/kit';
import { Problem } from '$lib/api/problem';
import { messageOf, requestIdOf } from '$lib/ui/errors';

/** What is shown when the reading of a page failed. */
export const handleError: HandleClientError = ({ error }) => ({
  message: messageOf(error),
  code: error instanceof Problem ? error.code : 'unexpected',
  requestId: requestIdOf(error),
});
