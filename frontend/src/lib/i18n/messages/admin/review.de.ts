import { plural } from '../../plural';
import type en from './review.en';

const n = plural('de');

const de: typeof en = {
  title: 'Prüfliste',
  about: 'Fragen, die aus Arbeitsblättern, Scans und Fotos gelesen wurden. Vergleiche jede mit ihrer Seite, berichtige sie, nimm sie an.',
  empty: 'Nichts wartet auf einen Vergleich',
  emptyText: 'Importiere ein Word-Dokument, ein PDF oder ein Foto; was daraus gelesen wurde, kommt hierher.',
  waiting: 'Wartend',
  accepted: 'Angenommen',
  onlyUnsure: 'Nur unsicher Gelesenes',
  confidence: 'Sicher gelesen',
  confidenceOf: (share: string) => `Mit ${share} Sicherheit gelesen`,
  noKey: 'Kein Schlüssel wurde gefunden',
  keyFrom: (from: string) => `Schlüssel aus: ${from}`,
  page: (number: number) => `Seite ${number}`,
  question: (number: number) => `Frage ${number}`,
  source: 'Auf der Seite',
  crop: (page: number) => `Was auf Seite ${page} steht`,
  notReady: 'Die Bilder werden noch aus den Seiten geschnitten.',
  noPicture: 'Von dieser Stelle gibt es kein Bild; die Datei hat nur Text.',
  read: 'So wurde sie gelesen',
  accept: 'Annehmen und veröffentlichen',
  acceptDraft: 'Als Entwurf annehmen',
  acceptNext: 'Angenommen. Die nächste ist offen.',
  acceptedToast: 'Angenommen.',
  reject: 'Ablehnen',
  rejectText: 'Die Frage wird gelöscht: Sie wurde gelesen, wo keine ist, oder niemand will sie.',
  rejected: 'Abgelehnt.',
  acceptSure: (count: number) => `${n(count, 'ausgewählte Frage', 'ausgewählte Fragen')} annehmen`,
  select: (number: number) => `Frage ${number} auswählen`,
  problems: 'Bevor sie veröffentlicht werden kann',
  stem: 'Text',
  key: 'Schlüssel',
  option: (letter: string) => `Antwort ${letter}`,
  next: 'Nächste',
  previous: 'Vorige',
  full: 'Ganzen Editor öffnen',
  sure: (share: string) => `zu ${share} sicher gelesen`,
};

export default de;
