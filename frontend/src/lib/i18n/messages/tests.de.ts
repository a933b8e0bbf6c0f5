import { plural } from '../plural';
import type en from './tests.en';

const n = plural('de');

const de: typeof en = {
  title: 'Einstufungen und Prüfungen',
  begun: (when) => `Begonnen ${when}`,
  answeredOf: (answered, length) => `${answered} von ${n(length, 'Frage', 'Fragen')} beantwortet`,
  ends: (when) => `Die Zeit ist ${when} um.`,
  result: 'Ergebnis',
  resultOf: (day) => `Ergebnis vom ${day}`,
  passed: 'Bestanden',
  failed: 'Nicht bestanden',
  level: (success, low, high) =>
    `Du löst voraussichtlich ${success} aller Fragen, um die es ging; mit 95 % Sicherheit sind es ${low} bis ${high}.`,
  ability: 'Fähigkeit',
  between: (value, low, high) => `${value} (${low} bis ${high})`,
  answered: 'Beantwortet',
  of: (answered, total) => `${answered} von ${total}`,
  marks: 'Punkte',
  passMark: 'Zum Bestehen',
  ended: 'Beendet',
  ends_by: {
    length: 'nach allen Fragen',
    precision: 'als das Niveau genau genug bekannt war',
    above_cut: 'als klar war, dass du bestehst',
    below_cut: 'als klar war, dass du noch nicht bestehst',
    handed_in: 'als du abgegeben hast',
    time: 'als die Zeit um war',
  },
  pending: (count) => `${n(count, 'Antwort wartet', 'Antworten warten')} auf eine Lehrkraft; das Ergebnis kann sich ändern.`,
  areas: 'Ergebnis nach Bereichen',
  area: 'Bereich',
  questions: 'Fragen',
  right: 'Richtig',
  explainAdaptive:
    'Jeder bekommt Fragen auf dem eigenen Niveau und hat deshalb etwa die Hälfte richtig: Es zählt, wie schwer sie waren. Die Fähigkeit wird auf der Skala der Schwierigkeiten gemessen, auf der 0 eine durchschnittliche Frage ist.',
  explainList: 'Die Fähigkeit wird auf der Skala der Schwierigkeiten gemessen, auf der 0 eine durchschnittliche Frage ist.',
};

export default de;
