import { measureCompile } from './compile/in-child.js';
import { compileCases } from './compile/networks.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:compile`: seconds and peak memory of compiling 1.6 to 16 million synapses, and seconds of the check that
 * a board or the emulator makes of the image. Each network five times (`--quick`: once) in processes of their own;
 * fastest times, largest peak. `--only NAME,NAME` of `compile/networks.ts`; `--passes` gives the seconds of each pass.
 */
const repeats = process.argv.includes('--quick') ? 1 : 5;
const bytesGoal = 40;
const only = process.argv[process.argv.indexOf('--only') + 1]?.split(',') ?? [];
const names = process.argv.includes('--only') ? only : Object.keys(compileCases);

const row = (
  name: string,
  value: number,
  digits: number,
  unit: string,
  limit: number | null = null,
): Row => ({
  name,
  value: Number(value.toFixed(digits)),
  unit,
  goal: limit === null ? null : `< ${limit}`,
  met: limit === null ? null : value < limit,
});
const rows = names.flatMap((name): Row[] => {
  const { title, target, seconds } = compileCases[name]!;
  process.stderr.write(`${name}: ${title}, ${target}\n`);
  const measured = measureCompile(name, repeats);
  const { synapses, cores, imageBytes, peakBytes } = measured;
  return [
    row(`${name}: synapses`, synapses, 0, 'synapses'),
    row(`${name}: cores of ${target}`, cores, 0, 'cores'),
    row(`${name}: compile`, measured.seconds, 2, 's', seconds),
    ...(process.argv.includes('--passes')
      ? measured.passes.map((pass) => row(`${name}: ${pass.name}`, pass.seconds, 3, 's'))
      : []),
    row(`${name}: peak memory`, peakBytes / synapses, 1, 'bytes/synapse', bytesGoal),
    row(`${name}: image`, imageBytes / synapses, 1, 'bytes/synapse'),
    row(`${name}: read and check`, measured.readSeconds, 2, 's'),
  ];
});
printRows(rows);
