import type { Row } from '../rows.js';
import { EngramRun } from './engram-run.js';
import { equal, figure, median, ratio } from './figures.js';
import { stateDifference } from './native-check.js';
import { nativeNetwork } from './native-form.js';
import { NativeProgram, type NativeResult, nativeCompiler } from './native-run.js';
import type { NetworkName } from './networks.js';
import { progress, repeats, type SpeedOptions } from './options.js';
import { Peer, type PeerResult, peerPython } from './peer.js';
import { peerChecks } from './peer-check.js';
import type { Workload } from './workload.js';
import { benchWorkload } from './workloads.js';

/** Least ratios to the peer and to the bare loop. */
interface Goals {
  readonly brian2?: number;
  readonly native?: number;
}

const goals: Readonly<Record<NetworkName, Goals>> = {
  S1: { brian2: 6.5, native: 0.45 },
  S1dc: { brian2: 2.2, native: 0.45 },
  S1d: {},
  S1f: {},
  S1big: { native: 0.6 },
  S2: { brian2: 8, native: 0.45 },
  S2dc: { brian2: 2.2, native: 0.45 },
  S3: { brian2: 6, native: 0.45 },
  S3dc: { brian2: 2.2, native: 0.45 },
  S4: { brian2: 5, native: 0.45 },
};

/** The plain TypeScript path runs so many times fewer ticks, but enough for spikes to come. */
const referenceShare = 20;
const leastTicks = 200;
const warmMilliseconds = 1500;

/** Runs of one network in all that are there, side by side, repeat by repeat. */
interface Measured {
  /** Events of a run of the emulator. */
  readonly events: number;
  readonly engram: number[];
  readonly native: number[];
  readonly peer: number[];
  readonly nativeResult: NativeResult | null;
  readonly peerResult: PeerResult | null;
}

/** Rows of one network: checks first, then speeds and ratios. Peers run where there is a goal for them. */
export async function networkRows(name: NetworkName, options: SpeedOptions): Promise<Row[]> {
  progress(`${name}: compiling`);
  const workload = benchWorkload(name, options.quick);
  const engram = new EngramRun(workload, { kernels: 'wasm' });
  const shortTicks = shortRun(workload);
  const compiler = nativeCompiler();
  if (compiler === null) progress('no C compiler: no column of the native loop');
  const form = compiler === null ? null : nativeNetwork(workload);
  const native = form && new NativeProgram(compiler!, form);
  const python = options.quick || !goals[name].brian2 ? null : peerPython();
  if (python !== null) progress(`${name}: building the peer`);
  else if (goals[name].brian2 && !options.quick) progress('no python3-brian with g++: no column of the peer');
  const peer = python === null ? null : await Peer.build(python, workload);
  try {
    const measured = await measure(name, options, engram, native, peer);
    const { nativeResult, peerResult } = measured;
    const spikes = engram.countSpikes();
    const difference = nativeResult && stateDifference(engram, form!, nativeResult.state);
    if (difference) progress(`${name}: ${difference}`);
    const nativeSame =
      difference === null && nativeResult?.spikes === spikes && nativeResult.events === measured.events;
    // These look at the state after the whole run; the hashes are of a shorter one.
    const ofPeer = peerResult ? peerChecks(name, engram, spikes, peerResult) : [];
    const reference = new EngramRun(workload, { kernels: 'typescript' });
    const plain = measureReference(name, options, reference, shortTicks);
    const checks = [
      equal(`${name}: state hash/typescript`, hashesEqual(engram, reference, shortTicks)),
      ...(nativeResult ? [equal(`${name}: state, spikes, events/native`, nativeSame)] : []),
      ...ofPeer,
    ];
    return [...checks, ...speedRows(name, workload, measured, plain, spikes, checks)];
  } finally {
    native?.dispose();
    peer?.dispose();
  }
}

/** One after the other, again and again, so that what else the computer does meets them all. */
async function measure(
  name: NetworkName,
  options: SpeedOptions,
  engram: EngramRun,
  native: NativeProgram | null,
  peer: Peer | null,
): Promise<Measured> {
  let nativeResult: NativeResult | null = null;
  let peerResult: PeerResult | null = null;
  let events = 0;
  const seconds = {
    engram: [] as number[],
    native: [] as number[],
    peer: [] as number[],
  };
  if (!options.quick) warmUp(() => engram.run());
  for (let n = 0; n < repeats(options); n++) {
    progress(`${name}: ${n + 1} of ${repeats(options)}`);
    const result = engram.run();
    nativeResult = native?.run() ?? null;
    peerResult = (await peer?.run()) ?? null;
    seconds.engram.push(result.seconds);
    if (nativeResult) seconds.native.push(nativeResult.seconds);
    if (peerResult) seconds.peer.push(peerResult.seconds);
    ({ events } = result);
  }
  return { events, ...seconds, nativeResult, peerResult };
}

/** Until the engine has made its best of the code; a compiled program comes so. */
function warmUp(run: () => void): void {
  for (const from = performance.now(); performance.now() - from < warmMilliseconds; ) run();
}

/** The plain path, in shorter runs. It comes last: the engine makes less of code that serves two machines at a time. */
function measureReference(
  name: NetworkName,
  options: SpeedOptions,
  reference: EngramRun,
  ticks: number,
): Reference {
  progress(`${name}: the plain path`);
  if (!options.quick) warmUp(() => reference.run(ticks));
  const runs = Array.from({ length: repeats(options) }, () => reference.run(ticks));
  return { events: runs[0]!.events, seconds: runs.map(({ seconds }) => seconds) };
}

interface Reference {
  readonly events: number;
  readonly seconds: readonly number[];
}

function speedRows(
  name: NetworkName,
  { ticks, clearEvery, image }: Workload,
  { events, engram, native, peer, peerResult }: Measured,
  reference: Reference,
  spikes: number,
  checks: readonly Row[],
): Row[] {
  // What is counted: images on S4, synaptic events (in millions) elsewhere; the peer's for the spikes it had.
  const unit = clearEvery === null ? 'million events/s' : 'images/s';
  const work = clearEvery === null ? events / 1e6 : ticks / clearEvery;
  const shortWork = (work * reference.events) / events;
  const peerWork = (work * (peerResult?.spikes ?? 0)) / spikes;
  const speeds = (seconds: readonly number[], amount: number) => seconds.map((taken) => amount / taken);
  const own = speeds(engram, work);
  const row = (of: string, seconds: readonly number[], amount: number) =>
    seconds.length === 0 ? [] : [figure(`${name}: ${of}`, median(speeds(seconds, amount)), unit)];
  const against = (of: string, seconds: readonly number[], amount: number, least?: number) =>
    seconds.length === 0
      ? []
      : [
          ratio(
            `${name}/${of}`,
            speeds(seconds, amount).map((other, n) => own[n]! / other),
            least ?? null,
          ),
        ];
  const modelSeconds = (ticks * image.network.tickMicroseconds) / 1e6;
  const neurons = image.network.unitCount - image.network.inputCount;
  const ratioToPeer = against('brian2', peer, peerWork, goals[name].brian2);
  const disagrees = checks.some((one) => one.name.includes('brian2') && one.met === false);
  return [
    figure(`${name}: rate`, spikes / neurons / modelSeconds, 'Hz'),
    ...row('emulator', engram, work),
    ...row('native loop', native, work),
    ...row('brian2', peer, peerWork),
    ...row('typescript', reference.seconds, shortWork),
    ...against('native', native, work, goals[name].native),
    ...ratioToPeer.map((one) => (disagrees ? { ...one, unit: 'ratio (disagrees)', met: false } : one)),
    ...against('typescript', reference.seconds, shortWork),
  ];
}

/** Ticks that the plain TypeScript path runs; of S4 whole images. */
function shortRun({ ticks, clearEvery }: Workload): number {
  if (clearEvery === null) return Math.max(ticks / referenceShare, Math.min(leastTicks, ticks));
  return Math.ceil(ticks / clearEvery / referenceShare) * clearEvery;
}

function hashesEqual(engram: EngramRun, reference: EngramRun, ticks: number): boolean {
  engram.run(ticks);
  reference.run(ticks);
  return engram.machine.stateHash() === reference.machine.stateHash();
}
