import type en from './auth.en';

const de: typeof en = {
  logIn: 'Anmelden',
  logOut: 'Abmelden',
  logInTitle: 'Willkommen zurück',
  logInAgain: 'Wieder anmelden',
  logInAgainText: 'Deine Anmeldung ist abgelaufen. Nichts ist verloren: Melde dich an und mache hier weiter.',
  otherAccount: 'Anderes Konto benutzen',
  register: 'Konto anlegen',
  registerTitle: 'Lege dein Konto an',
  email: 'E-Mail-Adresse',
  name: 'Name',
  password: 'Passwort',
  newPassword: 'Neues Passwort',
  passwordHint: 'Mindestens 8 Zeichen. Ein paar Wörter hintereinander sind leicht zu merken und schwer zu raten.',
  code: 'Code',
  codeHint: 'Aus deiner Authenticator-App, oder ein Wiederherstellungscode.',
  mustChange: 'Bitte wähle ein neues Passwort: Das jetzige hat dir die Verwaltung gegeben.',
  forgot: 'Passwort vergessen?',
  noAccount: 'Neu hier?',
  haveAccount: 'Du hast schon ein Konto?',
  resetTitle: 'Passwort zurücksetzen',
  resetText: 'Gib deine E-Mail-Adresse an. Wenn es ein Konto gibt, bekommst du eine Mail mit einem Link.',
  resetSend: 'Link senden',
  resetSent: 'Wenn es zu dieser Adresse ein Konto gibt, ist eine Mail unterwegs. Der Link gilt eine Stunde.',
  resetNewTitle: 'Wähle ein neues Passwort',
  resetDone: 'Dein Passwort ist geändert. Melde dich jetzt damit an.',
  toLogIn: 'Zurück zur Anmeldung',
  showPassword: 'Passwort zeigen',
  hidePassword: 'Passwort verbergen',
};

export default de;
