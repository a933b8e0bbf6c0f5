import type en from './mastery.en';

const de: typeof en = {
  states: {
    not_started: 'Nicht begonnen',
    learning: 'Am Lernen',
    learned: 'Gelernt',
    mastered: 'Gemeistert',
    needs_review: 'Auffrischen',
  },
  changes: {
    started: 'Du hast dieses Thema begonnen.',
    learned: 'Deine Antworten zeigen, dass du es gelernt hast. Ab morgen bestätigen es gemischte Fragen.',
    confirmed: 'Einen Tag später unter gemischten Fragen richtig. Noch einmal so, und es ist gemeistert.',
    mastered: 'Mindestens einen Tag später konntest du es unter gemischten Fragen immer noch.',
    slipped: 'Deine letzten Antworten waren schwächer. Eine richtige Antwort bringt das Thema zurück.',
    faded: 'Es ist eine Weile her. Eine richtige Antwort zeigt, dass du es noch kannst.',
    recovered: 'Mit einer richtigen Antwort wieder da.',
    recovery_missed: 'Die Frage zum Auffrischen ging daneben, darum üben wir dieses Thema wieder.',
  },
};

export default de;
