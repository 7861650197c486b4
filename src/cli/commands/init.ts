import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { EngramError } from '../../errors/engram-error.js';
import { action } from '../command.js';
import { writeWhole } from '../files.js';

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a starter project into an empty folder')
    .argument('[folder]', 'folder to fill; made if it is not there', '.')
    .action(
      action(async ({ console, args: [folder = '.'] }) => {
        if (existsSync(folder) && readdirSync(folder).some((name) => !name.startsWith('.')))
          throw new EngramError('E0105', `folder ${folder} is not empty`, {
            fix: ['name an empty or a new folder: engram init my-network'],
          });
        const { starterFiles } = await import('../starter.js');
        mkdirSync(folder, { recursive: true });
        for (const [name, text] of Object.entries(starterFiles)) await writeWhole(join(folder, name), text);
        const names = Object.keys(starterFiles);
        console.result(
          { ok: true, folder, files: names },
          `wrote ${names.join(', ')} to ${folder}\nnext: ${folder === '.' ? '' : `cd ${folder} && `}engram run network.ts --task task.ts`,
        );
      }),
    );
}
