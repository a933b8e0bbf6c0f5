export type Edge = { prerequisite_id: string; skill_id: string };
export type Placed<N> = { node: N; layer: number; place: number };

const SWEEPS = 4;

/**
 * Places for the nodes of a graph without circles: each in the layer after its last prerequisite, and within its layer
 * near what it is connected with (barycentre heuristic of Sugiyama, Tagawa and Toda, 1981).
 *
 * Edges with an end that is not among the nodes are left out.
 */
export function placesOf<N extends { id: string; position: number }>(nodes: readonly N[], edges: readonly Edge[]): Placed<N>[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const inside = edges.filter((edge) => known.has(edge.prerequisite_id) && known.has(edge.skill_id));
  const layers = layersOf(nodes, inside);
  const rows: N[][] = Array.from({ length: Math.max(-1, ...layers.values()) + 1 }, () => []);
  for (const node of [...nodes].sort((one, other) => one.position - other.position)) {
    rows[layers.get(node.id)!]!.push(node);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) straighten(rows, inside, sweep % 2 === 0);
  return rows.flatMap((row, layer) => row.map((node, place) => ({ node, layer, place })));
}

function layersOf(nodes: readonly { id: string }[], edges: readonly Edge[]): Map<string, number> {
  const before = neighbours(edges, 'skill_id', 'prerequisite_id');
  const layers = new Map<string, number>();
  const open = new Set<string>();
  const layerOf = (id: string): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    if (open.has(id)) return 0; // a circle cannot come from the server; it must not hang the page either
    open.add(id);
    const layer = Math.max(-1, ...(before.get(id) ?? []).map(layerOf)) + 1;
    layers.set(id, layer);
    return layer;
  };
  for (const { id } of nodes) layerOf(id);
  return layers;
}

function straighten(rows: { id: string }[][], edges: readonly Edge[], isDown: boolean): void {
  const linked = isDown ? neighbours(edges, 'skill_id', 'prerequisite_id') : neighbours(edges, 'prerequisite_id', 'skill_id');
  const order = isDown ? rows.keys() : [...rows.keys()].reverse();
  for (const index of order) {
    const places = new Map(rows.flatMap((row) => row.map((node, place) => [node.id, (place + 0.5) / row.length] as const)));
    const centre = (id: string) => {
      const near = (linked.get(id) ?? []).map((other) => places.get(other)!);
      return near.length ? near.reduce((sum, place) => sum + place, 0) / near.length : places.get(id)!;
    };
    const row = rows[index]!;
    const centres = new Map(row.map((node) => [node.id, centre(node.id)]));
    row.sort((one, other) => centres.get(one.id)! - centres.get(other.id)!);
  }
}

function neighbours(edges: readonly Edge[], from: keyof Edge, to: keyof Edge): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const edge of edges) found.set(edge[from], [...(found.get(edge[from]) ?? []), edge[to]]);
  return found;
}
