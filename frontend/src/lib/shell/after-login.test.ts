import { describe, expect, it } from 'vitest';
import { destinationOf } from './after-login';

describe('the destination after the login', () => {
  it.each(['/progress', '/practice/1?x=2', '/admin/users#top'])('%s is ours', (wanted) => {
    expect(destinationOf(wanted)).toBe(wanted);
  });

  it.each([null, '', 'https://evil.example', '//evil.example', '/\\evil.example', '\\\\evil.example', 'javascript:1'])(
    '%s is not',
    (wanted) => {
      expect(destinationOf(wanted)).toBe('/');
    },
  );
});
