import type { Command } from 'commander';
import { action } from '../command.js';

export function addValidate(program: Command): void {
  program
    .command('validate')
    .description('check a network description and name everything that is wrong with it')
    .argument('<network>', 'description, or module that exports one')
    .action(
      action(async ({ console, args: [path] }) => {
        const { loadNetwork } = await import('../../network/load.js');
        const { resolveNetwork } = await import('../../network/resolve.js');
        const network = resolveNetwork(await loadNetwork(path!));
        const summary = {
          name: network.name,
          populations: network.populations.length,
          projections: network.projections.length,
        };
        console.result(
          { ok: true, network: summary },
          `${path} is valid: network ${summary.name}, ${summary.populations} populations, ${summary.projections} projections`,
        );
      }),
    );
}
