/** Where somebody stands on a skill, and why that changed. */
export default {
  states: {
    not_started: 'Not started',
    learning: 'Learning',
    learned: 'Learned',
    mastered: 'Mastered',
    needs_review: 'Needs review',
  },
  changes: {
    started: 'You started this skill.',
    learned: 'Your answers show that you learned it. Mixed questions from tomorrow on will confirm it.',
    confirmed: 'Right among mixed questions a day later. One more like this and it is mastered.',
    mastered: 'You still had it at least a day later, among mixed questions.',
    slipped: 'Your last answers were weaker than before. One right answer brings the skill back.',
    faded: 'It has been a while. One right answer shows that you still have it.',
    recovered: 'Recovered with one right answer.',
    recovery_missed: 'The recovery question went wrong, so we practise this skill again.',
  },
};
