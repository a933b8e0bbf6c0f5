import type en from './essays.en';

const de: typeof en = {
  title: 'Aufsätze',
  about: 'Geschriebene Antworten, die ein Mensch bewertet. Note und Kommentar erreichen die Person; der Lernstand folgt.',
  show: 'Zeigen',
  shown: { waiting: 'Warten auf eine Bewertung', graded: 'Bewertet' },
  empty: { waiting: 'Nichts wartet auf eine Bewertung', graded: 'Noch nichts bewertet' },
  emptyText: {
    waiting: 'Antworten auf Aufsatzfragen erscheinen hier, die älteste zuerst.',
    graded: 'Bewertete Antworten erscheinen hier und können neu bewertet werden.',
  },
  by: (name) => `von ${name}`,
  question: 'Frage öffnen',
  answer: 'Antwort',
  rubric: 'Bewertungsraster',
  explanation: 'Musterantwort',
  points: (given, most) => `${given} von ${most} Punkten`,
  pointsOf: (most) => `Punkte, von ${most}`,
  comment: 'Kommentar für die Person',
  grade: 'Bewertung speichern',
  graded: 'Bewertet.',
  gradedBy: (name) => (name ? `bewertet von ${name}` : 'bewertet'),
  again: 'Neu bewerten',
  why: 'Warum ändert sich die Bewertung?',
  whyHint: 'Für Lehrende und Verwaltung; die Person sieht es nicht.',
  correct: 'Neue Bewertung speichern',
  corrected: 'Die neue Bewertung gilt jetzt.',
  history: 'Verlauf der Bewertung',
  former: (points) => `Zuerst: ${points}`,
  later: (points) => `Geändert auf ${points}`,
};

export default de;
