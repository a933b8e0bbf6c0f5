import { describe, expect, it } from 'vitest';
import { wishOf } from './keys';

const press = (key: string, more: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  defaultPrevented: false,
  ...more,
});
const onPage = { closest: () => null };
const inField = { closest: (selector: string) => (selector.includes('textarea') ? ({} as Element) : null) };

describe('a key on any screen', () => {
  it('asks for the list of keys or for the search', () => {
    expect(wishOf(press('?'), onPage)).toBe('shortcuts');
    expect(wishOf(press('/'), onPage)).toBe('search');
    expect(wishOf(press('x'), onPage)).toBeNull();
  });

  it.each(['ctrlKey', 'metaKey', 'altKey', 'defaultPrevented'])('belongs to others with %s', (name) => {
    expect(wishOf(press('?', { [name]: true }), onPage)).toBeNull();
  });

  it('is text where somebody writes', () => {
    expect(wishOf(press('?'), inField)).toBeNull();
  });
});
