import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import { readImage } from '../../src/image/read.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import { validateNetwork } from '../../src/network/validate.js';
import type { CompileMeasure } from './in-child.js';
import { compileCases } from './networks.js';

/**
 * Compiles one network and prints what it took, as one line of JSON: a process of its own, since the peak of memory is
 * that of a process. Counted from what the process holds when all is loaded and the description is read.
 */
const { network, target } = compileCases[process.argv[2]!]!;
const resolved = resolveNetwork(validateNetwork(network()));
const limits = loadTarget(target);
const bytesBefore = process.memoryUsage.rss();
const marks: number[] = [];
const passes: string[] = [];
const start = performance.now();
const { image, report } = compile(resolved, limits, {
  onPass: (name) => {
    passes.push(name);
    marks.push(performance.now());
  },
});
const end = performance.now();
const peakBytes = process.resourceUsage().maxRSS * 1024 - bytesBefore;
const readStart = performance.now();
readImage(image);
const readEnd = performance.now();
const measure: CompileMeasure = {
  seconds: (end - start) / 1000,
  passes: passes.map((name, n) => ({ name, seconds: ((marks[n + 1] ?? end) - marks[n]!) / 1000 })),
  readSeconds: (readEnd - readStart) / 1000,
  peakBytes,
  imageBytes: image.byteLength,
  synapses: report.synapses,
  cores: report.cores.length,
};
process.stdout.write(`${JSON.stringify(measure)}\n`);
