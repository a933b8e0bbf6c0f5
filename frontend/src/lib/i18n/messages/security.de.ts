import { plural } from '../plural';
import type en from './security.en';

const n = plural('de');

const de: typeof en = {
  title: 'Zweiter Faktor',
  on: 'Eingeschaltet',
  since: (day) => `seit ${day}`,
  left: (count) => `${n(count, 'Wiederherstellungscode ist', 'Wiederherstellungscodes sind')} übrig.`,
  fewLeft: 'Für neue schalte den zweiten Faktor aus und richte ihn wieder ein.',
  why: 'Mit einem Code einer App auf deinem Telefon reicht ein Passwort, das jemandem in die Hände fällt, nicht zur Anmeldung.',
  setUp: 'Einrichten',
  setUpTitle: 'Den zweiten Faktor einrichten',
  step: (step, total) => `Schritt ${step} von ${total}`,
  needs: 'Du brauchst eine Authentifizierungs-App: irgendeine, die QR-Codes liest und sechs Ziffern zeigt.',
  passwordHint: 'Damit sicher ist, dass du es bist.',
  scan: 'Lies das mit der App ein und gib die sechs Ziffern ein, die sie zeigt.',
  qr: 'QR-Code für die Authentifizierungs-App',
  type: 'Oder tippe das dort ein:',
  openApp: 'In einer App auf diesem Gerät öffnen',
  code: 'Code der App',
  codeHint: 'Er ändert sich alle 30 Sekunden.',
  confirm: 'Einschalten',
  isOn: 'Der zweite Faktor ist eingeschaltet.',
  recovery: 'Ohne dein Telefon kommst du mit jedem dieser Codes einmal hinein. Sie werden nur jetzt gezeigt: Bewahre sie getrennt vom Telefon auf.',
  fileTitle: 'Studium: Wiederherstellungscodes. Jeder gilt für eine Anmeldung.',
  keptThem: 'Ich habe sie aufbewahrt',
  turnOff: 'Ausschalten',
  turnOffTitle: 'Den zweiten Faktor ausschalten',
  turnOffText: 'Danach reicht dein Passwort allein zur Anmeldung.',
  isOff: 'Der zweite Faktor ist ausgeschaltet.',
};

export default de;
