import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface CompileMeasure {
  readonly seconds: number;
  readonly passes: readonly { readonly name: string; readonly seconds: number }[];
  /** Reading the image with all checks. */
  readonly readSeconds: number;
  /** Most that the process held while it compiled, beyond what it held before; the image is part of it. */
  readonly peakBytes: number;
  readonly imageBytes: number;
  readonly synapses: number;
  readonly cores: number;
}

/**
 * Compiles a case of `networks.ts` so many times, each in a process of its own: the fastest, since whatever else runs on
 * the machine only adds, and the largest peak.
 */
export function measureCompile(name: string, repeats: number): CompileMeasure {
  const script = join(import.meta.dirname, 'measure.js');
  const runs = Array.from(
    { length: repeats },
    () => JSON.parse(execFileSync(process.execPath, [script, name], { encoding: 'utf8' })) as CompileMeasure,
  );
  const fastest = runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
  return {
    ...fastest,
    readSeconds: Math.min(...runs.map(({ readSeconds }) => readSeconds)),
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
  };
}
