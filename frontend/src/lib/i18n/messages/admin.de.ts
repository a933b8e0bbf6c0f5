import type en from './admin.en';

const de: typeof en = {
  overview: {
    title: 'Überblick',
  },
};

export default de;
