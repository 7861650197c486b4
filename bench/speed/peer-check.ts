import type { Row } from '../rows.js';
import type { EngramRun } from './engram-run.js';
import { check } from './figures.js';
import { plasticUnit } from './networks.js';
import type { PeerResult } from './peer.js';
import { synapseStatistics } from './synapse-statistics.js';

/** Rates of the same network in integers and in float64, with other noise: they differ by chance, and by no more. */
const rateTolerance = 0.03;
const meanTolerance = 0.02;
const sdTolerance = 0.1;

/**
 * Whether emulator and peer did the same: spikes, weights and tags at the end of equal runs. The rewards of S3 change most
 * weights by less than the core's fine step, so those of S3 are compared to within one such step, and the tags besides.
 */
export function peerChecks(name: string, run: EngramRun, spikes: number, peer: PeerResult): Row[] {
  const rows = [check(`${name}: rate/brian2`, spikes / peer.spikes, 1 - rateTolerance, 1 + rateTolerance)];
  const own = synapseStatistics(run);
  if (own === null || !peer.weights) return rows;
  const both = (what: string, mine: number, theirs: number, tolerance: number) =>
    rows.push(check(`${name}: ${what}/brian2`, mine / theirs, 1 - tolerance, 1 + tolerance));
  both('mean weight', own.weights.mean, peer.weights.mean, meanTolerance);
  if (own.tags === null || !peer.tags) {
    both('sd of weights', own.weights.sd, peer.weights.sd, sdTolerance);
    return rows;
  }
  const fineStep = plasticUnit * 2 ** -14;
  rows.push(
    check(
      `${name}: sd of weights - brian2`,
      (own.weights.sd - peer.weights.sd) / fineStep,
      -1,
      1,
      'fine steps',
    ),
  );
  both('sd of tags', own.tags.sd, peer.tags.sd, sdTolerance);
  return rows;
}
