export default {
  overview: {
    title: 'Overview',
  },
};
