import { expect, it } from 'vitest';
import { findScreen } from './screens';

const pathOf = (path: string) => findScreen(path)?.screen.path;

it('finds screens by words before ids', () => {
  expect(pathOf('')).toBe('');
  expect(pathOf('bank/new')).toBe('bank/new');
  expect(findScreen('bank/0190')).toMatchObject({ screen: { path: 'bank/*' }, id: '0190' });
  expect(findScreen('bank/0190/versions')).toMatchObject({ screen: { path: 'bank/*/versions' }, id: '0190' });
  expect(pathOf('users/table/')).toBe('users/table');
});

it('knows no other', () => {
  expect(pathOf('nowhere')).toBeUndefined();
  expect(pathOf('bank/1/2/3')).toBeUndefined();
  expect(pathOf('users/1')).toBeUndefined();
});
