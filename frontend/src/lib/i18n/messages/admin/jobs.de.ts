import type en from './jobs.en';

const de: typeof en = {
  title: 'Aufträge',
  about:
    'Arbeit im Hintergrund. Ein fehlgeschlagener Auftrag sagt warum und kann neu gestartet werden; was er schon getan hat, wird nicht zweimal getan.',
  empty: 'Kein Auftrag passt',
  emptyText: 'Aufträge erscheinen hier, wenn etwas importiert, exportiert oder berechnet wird.',
  kind: 'Art',
  anyKind: 'Jede Art',
  kinds: {
    import_questions: 'Fragen importieren',
    undo_import: 'Import rückgängig machen',
    export_questions: 'Fragen exportieren',
    calibrate_items: 'Schwierigkeiten berechnen',
    predict_difficulties: 'Schwierigkeiten vorhersagen',
    propose_skills: 'Fähigkeiten vorschlagen',
    fit_review_memory: 'Vergessenskurven anpassen',
    clean_up: 'Aufräumen',
    cut_pages: 'Bilder aus Seiten schneiden',
    make_proposals: 'Vorschläge machen',
    guess_difficulties: 'Schwierigkeiten schätzen',
    embed_questions: 'Fragen verzeichnen',
    reindex_questions: 'Alle Fragen neu verzeichnen',
    check_index: 'Verzeichnis prüfen',
    fit_student_model: 'Lernmodell anpassen',
    finish_exams: 'Prüfungen beenden',
    scan_duplicates: 'Doppelte finden',
  } as Record<string, string>,
  statuses: { queued: 'Wartet', running: 'Läuft', succeeded: 'Fertig', failed: 'Fehlgeschlagen', cancelled: 'Abgebrochen' },
  retry: 'Neu starten',
  cancel: 'Anhalten',
  cancelling: 'Hält an …',
  progress: 'Fortschritt',
  began: 'Gewünscht',
  took: 'Dauer',
  tries: (count: number) => `Versuch ${count}`,
  result: 'Ergebnis',
  seconds: (value: string) => `${value} s`,
};

export default de;
