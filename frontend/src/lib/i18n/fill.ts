/** `{name}` is replaced by its parameter; undefined when there is no message or a parameter is missing. */
export function fill(message: string | undefined, parameters: Record<string, unknown> = {}): string | undefined {
  if (message === undefined) return undefined;
  const names = [...message.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  if (names.some((name) => parameters[name] === undefined)) return undefined;
  return message.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name]));
}
