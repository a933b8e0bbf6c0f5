import { describe, expect, it } from 'vitest';
import { placesOf, type Edge } from './layers';

const nodes = (...ids: string[]) => ids.map((id, position) => ({ id, position }));
const edge = (prerequisite_id: string, skill_id: string): Edge => ({ prerequisite_id, skill_id });

describe('placesOf', () => {
  it('puts each skill after all of its prerequisites', () => {
    const edges = [edge('a', 'b'), edge('b', 'd'), edge('a', 'd'), edge('c', 'd')];
    const layers = Object.fromEntries(placesOf(nodes('d', 'c', 'b', 'a'), edges).map(({ node, layer }) => [node.id, layer]));
    expect(layers).toEqual({ a: 0, c: 0, b: 1, d: 2 });
  });

  it('gives every node a place of its own', () => {
    const many = nodes(...Array.from({ length: 60 }, (_, index) => `n${index}`));
    const edges = many.slice(1).map((node, index) => edge(`n${Math.floor(index / 3)}`, node.id));
    const taken = placesOf(many, edges).map(({ layer, place }) => `${layer}:${place}`);
    expect(new Set(taken).size).toBe(60);
  });

  it('does not cross two edges that need not cross', () => {
    const places = placesOf(nodes('a', 'b', 'x', 'y'), [edge('a', 'y'), edge('b', 'x')]);
    const place = Object.fromEntries(places.map((one) => [one.node.id, one.place]));
    expect(Math.sign(place.a! - place.b!)).toBe(Math.sign(place.y! - place.x!));
  });

  it('survives circles, strangers and nothing at all', () => {
    expect(placesOf([], [])).toEqual([]);
    expect(placesOf(nodes('a', 'b'), [edge('a', 'b'), edge('b', 'a'), edge('z', 'a')])).toHaveLength(2);
  });
});
