import type en from './student.en';

const de: typeof en = {
  home: {
    title: 'Start',
  },
};

export default de;
