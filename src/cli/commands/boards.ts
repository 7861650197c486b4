import type { Command } from 'commander';
import { action } from '../command.js';

export function addBoards(program: Command): void {
  program
    .command('boards')
    .description('list the boards and ports of this machine')
    .option('-a, --all', 'also ports that no target claims')
    .action(
      action<{ all?: boolean }>(async ({ console, options }) => {
        const { listPorts } = await import('../../runtime/ports.js');
        const { listTargets } = await import('../../compiler/load-target.js');
        const ports = await listPorts(listTargets());
        const shown = options.all ? ports : ports.filter((port) => port.target !== null);
        if (shown.length === 0)
          console.say(
            ports.length === 0
              ? 'no serial ports here; run a virtual board with: engram board --pty'
              : `no known board among ${ports.length} ports; see them with --all`,
          );
        const { table } = await import('../table.js');
        console.result(
          { ok: true, boards: shown },
          shown.length === 0
            ? ''
            : table(
                ['path', 'target', 'usb id', 'serial', 'access', 'what'],
                shown.map((port) => [
                  port.path,
                  port.target ?? '–',
                  port.vendorId ? `${port.vendorId}:${port.productId}` : '–',
                  port.serialNumber ?? '–',
                  port.access,
                  port.note ?? '',
                ]),
              ),
        );
      }),
    );
}
