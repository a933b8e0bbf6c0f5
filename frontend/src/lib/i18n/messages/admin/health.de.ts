import type en from './health.en';

const de: typeof en = {
  title: 'Zustand',
  servers: 'Server',
  names: { database: 'PostgreSQL', redis: 'Redis', chroma: 'Chroma', embeddings: 'Embeddings' } as Record<string, string>,
  purposes: {
    database: 'Alles, was aufbewahrt wird',
    redis: 'Ruft Arbeiter sofort, zählt Grenzen für alle Prozesse',
    chroma: 'Suche nach Bedeutung',
    embeddings: 'Machen Texte zu Vektoren',
  } as Record<string, string>,
  states: { ok: 'Läuft', down: 'Antwortet nicht', not_configured: 'Nicht eingerichtet', degraded: 'Eingeschränkt' } as Record<
    string,
    string
  >,
  milliseconds: (value: string) => `${value} ms`,
  figures: 'Zahlen',
  version: 'Version',
  server: 'Datenbankserver',
  migration: 'Stand der Tabellen',
  databaseSize: 'Größe der Datenbank',
  pictures: 'Gespeicherte Bilder',
  free: 'Frei auf der Platte',
  jobs: 'Aufträge nach Status',
  waiting: 'Ältester wartender Auftrag',
  failed: 'Am letzten Tag fehlgeschlagen',
  nothingWaits: 'nichts wartet',
  checked: (when: string) => `Geprüft ${when}`,
};

export default de;
