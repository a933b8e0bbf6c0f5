import type en from './reports.en';

const de: typeof en = {
  title: 'Meldungen von Lernenden',
  about: 'Was Lernende an einer Frage falsch fanden. Beantworte jede: Sie erfahren es.',
  empty: 'Keine Meldung passt',
  emptyText: 'Lernende melden eine Frage beim Üben über ihr Menü.',
  reasons: {
    wrong_answer: 'Der Schlüssel ist falsch',
    unclear: 'Schwer zu verstehen',
    typo: 'Tippfehler',
    missing_media: 'Ein Bild fehlt',
    off_topic: 'Gehört nicht zu dieser Fertigkeit',
    other: 'Etwas anderes',
  } as Record<string, string>,
  statuses: { open: 'Offen', fixed: 'Behoben', dismissed: 'So richtig' } as Record<string, string>,
  fixed: 'Behoben',
  dismiss: 'Sie ist so richtig',
  note: 'Antwort an die Person',
  by: (name: string) => `von ${name}`,
  openQuestion: 'Frage öffnen',
  done: 'Beantwortet.',
};

export default de;
