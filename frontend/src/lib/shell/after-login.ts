/** Where to go after the login: only to a page of our own. */
export function destinationOf(wanted: string | null): string {
  if (!wanted || !wanted.startsWith('/') || wanted.startsWith('//') || wanted.includes('\\')) return '/';
  return new URL(wanted, 'http://here').host === 'here' ? wanted : '/';
}
