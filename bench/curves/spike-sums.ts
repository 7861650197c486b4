/** Sums of exponentials over spikes, in real arithmetic: traces by definition, not tick by tick. */

/** Trace at a tick: what is left of all spikes before it, and with `own` of one at it. */
export function traceAt(spikes: readonly number[], at: number, tau: number, own: boolean): number {
  return spikes
    .filter((spike) => spike < at || (own && spike === at))
    .reduce((total, spike) => total + Math.exp((spike - at) / tau), 0);
}

/** Potentiation by arrivals before spikes and depression by spikes before arrivals, of unit amplitudes. */
export function pairSums(
  pre: readonly number[],
  post: readonly number[],
  tauPlus: number,
  tauMinus: number,
): { readonly up: number; readonly down: number } {
  return {
    up: post.reduce((sum, at) => sum + traceAt(pre, at, tauPlus, true), 0),
    down: pre.reduce((sum, at) => sum + traceAt(post, at, tauMinus, false), 0),
  };
}
