import type en from './controls.en';

const de: typeof en = {
  likely: (chance) => `Sie gelingt dir zu etwa ${chance}.`,
  reasons: {
    calibration_new: 'Messfrage: Sie hilft herauszufinden, wie schwer sie ist',
    calibration_check: 'Messfrage: zufällig gezogen, hält unsere Zahlen ehrlich',
    review_due: 'Zur Wiederholung fällig',
    skill_need: 'Übt „{skill}“, das du noch lernst',
    unnamed_skill_need: 'Übt ein Thema, das du noch lernst',
    challenge: 'Eine Herausforderung für dich',
    easy: 'Eine leichtere, damit es weitergeht',
    right_level: 'Passt zu deinem Stand',
    mistake: 'Diese hattest du zuletzt falsch',
    measures: 'Gehört zu den Fragen, die an dieser Stelle am meisten über deinen Stand sagen',
    prescribed: 'Gehört zur Liste dieser Übung',
  },
  report: {
    title: 'Diese Frage melden',
    reason: 'Was stimmt nicht?',
    reasons: {
      wrong_answer: 'Die Lösung ist falsch',
      unclear: 'Sie ist unklar',
      typo: 'Ein Schreibfehler',
      missing_media: 'Ein Bild fehlt',
      off_topic: 'Sie gehört nicht hierher',
      other: 'Etwas anderes',
    },
    comment: 'Was sollten wir wissen?',
    send: 'Meldung senden',
    thanks: 'Danke. Deine Lehrkräfte sehen sie sich an.',
  },
  shortcuts: {
    choose: 'Eine Antwort wählen',
    space: 'Leertaste',
    point: 'Einen Punkt ins Bild setzen, wohin die Pfeiltasten führten',
    enter: 'Prüfen, dann weiter',
    hint: 'Einen Tipp nehmen',
    flag: 'Die Frage melden',
    search: 'Zum Suchfeld',
    save: 'Die Frage speichern',
    menu: 'Sich in einem Menü oder einer Reihenfolge bewegen',
    escape: 'Einen Dialog oder ein Menü schließen',
    help: 'Diese Liste zeigen',
  },
};

export default de;
