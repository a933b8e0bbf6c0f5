import { plural } from '../plural';

const n = plural('en');

/** Placements and exams: the list of them, and what one found. */
export default {
  title: 'Placements and exams',
  begun: (when: string) => `Begun ${when}`,
  answeredOf: (answered: number, length: number) => `${answered} of ${n(length, 'question', 'questions')} answered`,
  ends: (when: string) => `The time is over ${when}.`,
  result: 'Result',
  resultOf: (day: string) => `Result of ${day}`,
  passed: 'Passed',
  failed: 'Not passed',
  level: (success: string, low: string, high: string) =>
    `You are expected to solve ${success} of all questions in scope; with 95 % certainty it is between ${low} and ${high}.`,
  ability: 'Ability',
  between: (value: string, low: string, high: string) => `${value} (${low} to ${high})`,
  answered: 'Answered',
  of: (answered: number, total: number) => `${answered} of ${total}`,
  marks: 'Marks',
  passMark: 'To pass',
  ended: 'Ended',
  ends_by: {
    length: 'after all of its questions',
    precision: 'when the level was known well enough',
    above_cut: 'when it was clear that you pass',
    below_cut: 'when it was clear that you do not pass yet',
    handed_in: 'when you handed it in',
    time: 'when the time was over',
  },
  pending: (count: number) => `${n(count, 'answer waits', 'answers wait')} for a teacher; the result may change.`,
  areas: 'Result by area',
  area: 'Area',
  questions: 'Questions',
  right: 'Right',
  explainAdaptive:
    'Everybody gets questions of their own level and so about half of them right: what counts is how hard they were. Ability is measured on the scale of difficulties, where 0 is an average question.',
  explainList: 'Ability is measured on the scale of difficulties, where 0 is an average question.',
};
