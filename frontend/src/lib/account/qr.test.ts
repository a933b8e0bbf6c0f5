import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { qrCode } from './qr';

const PIXELS = 4;

/** The path as a picture, as a camera would see it. */
function pictureOf({ size, path }: { size: number; path: string }): Uint8ClampedArray {
  const side = size * PIXELS;
  const picture = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * PIXELS; row < (Number(y) + 1) * PIXELS; row += 1) {
      const from = (row * side + Number(x) * PIXELS) * 4;
      for (let at = from; at < from + Number(width) * PIXELS * 4; at += 4) picture.fill(0, at, at + 3);
    }
  }
  return picture;
}

describe('a QR code', () => {
  it.each([
    'otpauth://totp/Studium:ada%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Studium',
    `otpauth://totp/Studium:${'a'.repeat(240)}%40example.org?secret=JBSWY3DPEHPK3PXP&issuer=Studium`,
    'Zoë – ünïcode',
  ])('says to a reader what it was made from: %s', (text) => {
    const code = qrCode(text);
    const side = code.size * PIXELS;
    expect(jsQR(pictureOf(code), side, side)?.data).toBe(text);
  });
});
