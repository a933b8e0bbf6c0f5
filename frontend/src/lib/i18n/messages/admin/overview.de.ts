import type en from './overview.en';

const de: typeof en = {
  title: 'Überblick',
  hello: (name: string) => `Hallo, ${name}`,
  attention: 'Braucht dich',
  allWell: 'Gerade braucht dich nichts.',
  failedJobs: (count: number) =>
    count === 1 ? 'Ein Auftrag ist am letzten Tag fehlgeschlagen' : `${count} Aufträge sind am letzten Tag fehlgeschlagen`,
  waitingJobs: (since: string) => `Der älteste Auftrag wartet seit ${since}`,
  drafts: (count: string) => `${count} Entwürfe sind noch nicht veröffentlicht`,
  serverDown: (name: string) => `${name} antwortet nicht`,
  reviews: 'Aus Papieren gelesene Fragen warten auf den Vergleich mit ihren Seiten',
  reports: 'Lernende haben Fragen gemeldet',
  essays: 'Aufsätze warten auf eine Bewertung',
  bank: 'Fragen nach Status',
  people: 'Aktive Konten',
  recentImports: 'Letzte Importe',
  noImports: 'Noch keine Datei wurde importiert.',
  quick: 'Beginnen',
  newQuestion: 'Frage schreiben',
  newImport: 'Datei importieren',
  addPeople: 'Personen anlegen',
};

export default de;
