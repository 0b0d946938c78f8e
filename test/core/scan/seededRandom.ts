/** Numbers from 0 to 2^32, the same ones for the same seed (Marsaglia's xorshift). */
export function seededRandom(seed: number): () => number {
  let state = (seed * 2654435761 + 1) | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
