import type en from './pairs.en';

const de: typeof en = {
  title: 'Doppelte',
  about: 'Paare von Fragen, die fast gleich sind, sich im Schlüssel widersprechen oder einander verraten. Von selbst wird nie etwas gelöscht.',
  scan: 'Nach Doppelten suchen',
  scanning: 'Das Fach wird durchgesehen …',
  chooseSubject: 'Um nach Doppelten zu suchen, wähle das Fach, das durchgesehen wird.',
  empty: 'Kein offenes Paar',
  emptyText: 'Sieh ein Fach durch; was gefunden wird, kommt hierher.',
  kinds: {
    near_duplicate: 'Fast gleich',
    key_conflict: 'Schlüssel widersprechen sich',
    gives_away: 'Verrät die Antwort',
  } as Record<string, string>,
  anyKind: 'Jede Art',
  statuses: { open: 'Offen', dismissed: 'Beide behalten', resolved: 'Eine zurückgezogen' } as Record<
    string,
    string
  >,
  similarity: (share: string) => `zu ${share} gleich`,
  keepBoth: 'Beide behalten',
  retireThis: (number: number) => `Frage ${number} zurückziehen`,
  keptBoth: 'Beide bleiben. Das Paar kommt nicht wieder.',
  retired: (number: number) => `Frage ${number} ist zurückgezogen; die andere hat ihre Fertigkeiten übernommen.`,
  answers: 'Richtig',
  none: 'kein Schlüssel',
  givesAway: (answer: string) => `„${answer}“ ist die Antwort der anderen Frage.`,
};

export default de;
