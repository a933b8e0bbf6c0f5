import { encode } from 'uqr';

/** Four blank modules around it, as readers expect. */
const QUIET_ZONE = 4;

/** A QR code as one SVG path on a grid of `size` by `size`, made here: what it says goes to nobody. */
export function qrCode(text: string): { size: number; path: string } {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  return { size, path: data.map(rowPath).join('') };
}

function rowPath(row: boolean[], y: number): string {
  const runs: string[] = [];
  for (let x = 0; x < row.length; x += 1) {
    const start = x;
    while (row[x]) x += 1;
    if (x > start) runs.push(`M${start} ${y}h${x - start}v1h${start - x}z`);
  }
  return runs.join('');
}
