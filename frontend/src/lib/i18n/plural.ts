const rules = new Map<string, Intl.PluralRules>();

/** `plural('en')(2, 'answer', 'answers')`: the form for a number, after the number itself. */
export const plural =
  (language: string) =>
  (count: number, one: string, other: string): string => {
    let rule = rules.get(language);
    if (!rule) rules.set(language, (rule = new Intl.PluralRules(language)));
    const shown = new Intl.NumberFormat(language).format(count);
    return `${shown} ${rule.select(count) === 'one' ? one : other}`;
  };
