#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { exitCodes } from '../errors/codes.js';
import { EngramError } from '../errors/engram-error.js';
import { addBoard } from './commands/board.js';
import { addBoards } from './commands/boards.js';
import { addCompile } from './commands/compile.js';
import { addDemo } from './commands/demo.js';
import { addFlash } from './commands/flash.js';
import { addHil } from './commands/hil.js';
import { addInit } from './commands/init.js';
import { addInspect } from './commands/inspect.js';
import { addRun } from './commands/run.js';
import { addSweep } from './commands/sweep.js';
import { addTargets } from './commands/targets.js';
import { addValidate } from './commands/validate.js';
import { engramVersion } from './engram-version.js';
import { reportFailure } from './failure.js';

/** The command line; each command's heavy modules are loaded when it runs. */
export function createProgram(): Command {
  const program = new Command('engram')
    .description('Networks that learn on the device from delayed reward: compile, run, verify.')
    .version(engramVersion())
    .option('--json', 'print data as JSON')
    .option('-q, --quiet', 'no talk on stderr')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  for (const add of [
    addCompile,
    addInspect,
    addValidate,
    addRun,
    addSweep,
    addBoard,
    addBoards,
    addFlash,
    addHil,
    addTargets,
    addInit,
    addDemo,
  ])
    add(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

async function main(): Promise<void> {
  const program = createProgram();
  const json = process.argv.includes('--json');
  if (json) program.configureOutput({ writeErr: () => {} });
  for (const command of program.commands) if (json) command.configureOutput({ writeErr: () => {} });
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, json);
    if (error.exitCode === 0) return;
    if (json) reportFailure(new EngramError('E0101', error.message.replace(/^error: /, '')), json);
    process.exitCode = exitCodes.usage;
  }
}

await main();
