import { EngramError } from '../errors/engram-error.js';
import type { ResolvedNetwork } from '../network/resolved.js';
import { elaborate } from './elaborate.js';
import { allocate } from './families/engram/allocate.js';
import { emit } from './families/engram/emit.js';
import { quantize } from './families/engram/quantize.js';
import type { QuantizedNetwork } from './families/engram/quantized.js';
import { type PartitionOptions, partition } from './partition.js';
import { place } from './place.js';
import { type CompileReport, makeReport } from './report.js';
import { route } from './route.js';
import type { Target } from './target.js';

export interface CompileOptions extends PartitionOptions {
  /** Called before each pass, with its name. */
  readonly onPass?: (name: PassName) => void;
}

/** The passes in their order; each file says why it stands where it does. */
export const passNames = [
  'elaborate',
  'quantize',
  'partition',
  'place',
  'route',
  'allocate',
  'emit',
] as const;
export type PassName = (typeof passNames)[number];

export interface Compiled {
  readonly image: Uint8Array<ArrayBuffer>;
  readonly report: CompileReport;
}

/**
 * Compiles a network for a target. Equal inputs give equal bytes.
 * Throws E0401 (does not fit) or E0403 (a number is out of reach), each with what to change.
 */
export function compile(network: ResolvedNetwork, target: Target, options: CompileOptions = {}): Compiled {
  const pass: RunPass = (name, run) => {
    options.onPass?.(name);
    return run();
  };
  const quantized = toIntegers(network, pass);
  const parts = pass('partition', () => partition(quantized, target, options));
  const { cores, mesh } = pass('place', () => place(parts, target));
  const routed = pass('route', () => route(quantized, cores, target));
  const allocated = pass('allocate', () => allocate(quantized, cores, routed, target));
  const report = makeReport(quantized, cores, mesh, routed, allocated, target);
  const image = pass('emit', () => emit(quantized, cores, routed, allocated, target, report));
  checkSize(image, report.network, target);
  return { image, report };
}

type RunPass = <T>(name: PassName, run: () => T) => T;

/** By itself, so that nothing holds the weights as described, which take the most room, while the image is written. */
function toIntegers(network: ResolvedNetwork, pass: RunPass): QuantizedNetwork {
  const elaborated = pass('elaborate', () => elaborate(network));
  return pass('quantize', () => quantize(elaborated));
}

/** Last, because only the written image tells its size. */
function checkSize(image: Uint8Array, name: string, { imageBytes, name: target }: Target): void {
  if (image.length <= imageBytes) return;
  const [need, limit] = [image.length, imageBytes].map((bytes) => bytes.toLocaleString('en'));
  throw new EngramError(
    'E0401',
    `the image of '${name}' has ${need} bytes; '${target}' takes an image of ${limit} in an upload`,
    {
      fix: ['make the network smaller or sparser', 'choose another target (engram targets)'],
      context: { need: image.length, limit: imageBytes, what: 'bytes of the image' },
    },
  );
}
