import type { Command } from 'commander';
import { action } from '../command.js';

export function addTargets(program: Command): void {
  program
    .command('targets')
    .description('list the targets, or show one')
    .argument('[name]', 'target to show in full')
    .action(
      action(async ({ console, args: [name] }) => {
        const { listTargets, loadTarget } = await import('../../compiler/load-target.js');
        if (name !== undefined) {
          const target = loadTarget(name);
          return console.result({ ok: true, target }, JSON.stringify(target, null, 2));
        }
        const { table } = await import('../table.js');
        const targets = listTargets();
        console.result(
          { ok: true, targets },
          table(
            ['name', 'cores', 'neurons/core', 'synapses/core', 'memory/core', 'what'],
            targets.map(({ name, cores, perCore, title }) => [
              name,
              cores,
              perCore.neurons,
              perCore.synapses,
              perCore.memoryBytes,
              title,
            ]),
          ),
        );
      }),
    );
}
