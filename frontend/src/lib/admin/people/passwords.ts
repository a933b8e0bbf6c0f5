// Without letters that look alike, so that a password can be read from paper.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz';
const DIGITS = '23456789';
const GROUPS = 4;

/** A password that is read out and typed easily: four groups of four, 79 bits, long enough for every role. */
export function makePassword(random: (below: number) => number = secureRandom): string {
  const pick = (letters: string) => letters[random(letters.length)]!;
  const group = () => pick(LETTERS) + pick(LETTERS) + pick(LETTERS + DIGITS) + pick(LETTERS + DIGITS);
  return Array.from({ length: GROUPS }, group).join('-');
}

/** Uniform: values that would favour small remainders are drawn again. */
export function secureRandom(below: number): number {
  const limit = 256 - (256 % below);
  for (;;) {
    const [value] = crypto.getRandomValues(new Uint8Array(1));
    if (value! < limit) return value! % below;
  }
}
