import { plural } from '../plural';

const n = plural('en');

/** The second factor of teachers and administrators. */
export default {
  title: 'Second factor',
  on: 'On',
  since: (day: string) => `since ${day}`,
  left: (count: number) => `${n(count, 'recovery code is', 'recovery codes are')} left.`,
  fewLeft: 'For new ones, turn the second factor off and set it up again.',
  why: 'With a code of an app on your phone, a password that somebody has got hold of is not enough to log in as you.',
  setUp: 'Set up',
  setUpTitle: 'Set up the second factor',
  step: (step: number, total: number) => `Step ${step} of ${total}`,
  needs: 'You need an authenticator app: any that reads QR codes and shows six digits.',
  passwordHint: 'To be sure that it is you.',
  scan: 'Scan this with the app, then enter the six digits that it shows.',
  qr: 'QR code for the authenticator app',
  type: 'Or type this into it:',
  openApp: 'Open in an app on this device',
  code: 'Code of the app',
  codeHint: 'It changes every 30 seconds.',
  confirm: 'Turn on',
  isOn: 'The second factor is on.',
  recovery: 'Without your phone, each of these codes lets you in once. They are shown only now: keep them apart from the phone.',
  fileTitle: 'Studium: recovery codes. Each is good for one login.',
  keptThem: 'I have kept them',
  turnOff: 'Turn off',
  turnOffTitle: 'Turn the second factor off',
  turnOffText: 'From then on your password alone is enough to log in.',
  isOff: 'The second factor is off.',
};
