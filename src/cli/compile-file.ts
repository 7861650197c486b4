import { type Compiled, compile, passNames } from '../compiler/compile.js';
import { loadTarget } from '../compiler/load-target.js';
import { loadNetwork } from '../network/load.js';
import { resolveNetwork } from '../network/resolve.js';
import type { Console } from './console.js';

/** Loads, checks and compiles a network file, with progress for large ones. */
export async function compileFile(
  path: string,
  options: { target: string; cores?: number | undefined },
  console: Console,
): Promise<Compiled> {
  const target = loadTarget(options.target);
  const network = resolveNetwork(await loadNetwork(path));
  const progress = console.progress('compile');
  const started = Date.now();
  let done = 0;
  const compiled = compile(network, target, {
    cores: options.cores,
    onPass: (name) => {
      if (Date.now() - started > 1000) progress.update(done / passNames.length, name);
      done++;
    },
  });
  if (Date.now() - started > 1000) progress.end(`${((Date.now() - started) / 1000).toFixed(1)} s`);
  for (const warning of compiled.report.warnings) console.say(`warning: ${warning}`);
  return compiled;
}
