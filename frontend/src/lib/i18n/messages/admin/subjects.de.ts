import { plural } from '../../plural';
import type en from './subjects.en';

const n = plural('de');

const de: typeof en = {
  title: 'Fächer',
  add: 'Fach anlegen',
  edit: 'Fach bearbeiten',
  empty: 'Noch kein Fach',
  emptyText: 'Ein Fach enthält Fertigkeiten und Fragen. Lege das erste an, dann importiere oder schreibe Fragen.',
  showArchived: 'Archivierte zeigen',
  archived: 'Archiviert',
  archive: 'Archivieren',
  archiveText: 'Lernende sehen es nicht mehr. Nichts geht verloren, und es lässt sich wiederherstellen.',
  restore: 'Wiederherstellen',
  code: 'Kürzel',
  codeHint: 'Kurz, aus Buchstaben, Ziffern, Punkten, Strichen: algebra-1',
  name: 'Titel',
  description: 'Beschreibung',
  language: 'Sprache',
  languageHint: 'Ein Kürzel wie en oder de-AT',
  saved: 'Gespeichert.',
  skills: 'Fertigkeiten',
  skillsCount: (count: number) => n(count, 'Fertigkeit', 'Fertigkeiten'),
  addSkill: 'Fertigkeit anlegen',
  editSkill: 'Fertigkeit bearbeiten',
  skillName: 'Name',
  noSkills: 'Noch keine Fertigkeit',
  noSkillsText: 'Das Üben passt sich je Fertigkeit an: Lege an, was gelernt werden soll, dann sage, was vorher kommt.',
  graph: 'Was vor was kommt',
  graphAbout: 'Pfeile führen von dem weg, was zuerst gelernt wird. Wähle eine Fertigkeit, um zu sehen und zu ändern, was sie braucht.',
  graphLabel: (skills: number, edges: number) =>
    `Graph aus ${n(skills, 'Fertigkeit', 'Fertigkeiten')} und ${n(edges, 'Pfeil', 'Pfeilen')}; die Liste daneben sagt dasselbe`,
  node: (name: string, needs: number, opens: number) => `${name}: braucht ${needs}, öffnet ${opens}`,
  needs: 'Braucht',
  opens: 'Öffnet',
  needsNothing: 'Nichts: Sie kann zuerst gelernt werden.',
  opensNothing: 'Noch nichts.',
  addNeed: 'Hinzufügen, was vorher gelernt sein muss',
  chooseSkill: 'Fertigkeit wählen',
  removeNeed: (name: string) => `${name} wird nicht mehr gebraucht`,
  cycle: 'Das wäre ein Kreis:',
  order: 'Reihenfolge',
  list: 'Liste',
  questionsOf: 'Ihre Fragen',
  toBank: 'Fragen dieses Fachs',
};

export default de;
