import { pathToFileURL } from 'node:url';
import { EngramError } from '../errors/engram-error.js';
import cueAccumulation from './cue-accumulation/task.js';
import delayedBandit from './delayed-bandit/task.js';
import delayedMatchToSample from './delayed-match-to-sample/task.js';
import distalReward from './distal-reward/task.js';
import reversal from './reversal/task.js';
import type { Task } from './task.js';

/** Tasks that come with engram. A new one is a folder and a line here. */
const builtIn: readonly Task<never>[] = [
  cueAccumulation as Task<never>,
  delayedBandit as Task<never>,
  delayedMatchToSample as Task<never>,
  distalReward as Task<never>,
  reversal as Task<never>,
];

export function listTasks(): readonly Task[] {
  return builtIn as unknown as readonly Task[];
}

/** True for a name that no built-in task has: the path of a module. */
export function isTaskModule(nameOrPath: string): boolean {
  return !listTasks().some(({ name }) => name === nameOrPath);
}

/**
 * A built-in task by name, or the default export of a module by path.
 * Throws E0801 (no such task) or E0802 (the module exports no task).
 */
export async function loadTask(nameOrPath: string): Promise<Task> {
  const found = listTasks().find(({ name }) => name === nameOrPath);
  if (found) return found;
  if (!/[./\\]/.test(nameOrPath))
    throw new EngramError('E0801', `there is no task '${nameOrPath}'`, {
      facts: [
        [
          'tasks',
          listTasks()
            .map(({ name }) => name)
            .join(', '),
        ],
      ],
      fix: ['name a built-in task, or a module: --task ./my-task.ts'],
    });
  return loadTaskModule(nameOrPath);
}

async function loadTaskModule(path: string): Promise<Task> {
  const { importModule } = await import('../network/import-module.js');
  let module: { default?: unknown };
  try {
    module = (await importModule(path)) as { default?: unknown };
  } catch (cause) {
    throw new EngramError('E0802', `task module ${path} cannot be loaded: ${(cause as Error).message}`, {
      cause,
    });
  }
  const task = module.default as Partial<Task> | undefined;
  if (
    typeof task?.name === 'string' &&
    typeof task.play === 'function' &&
    typeof task.options?.parse === 'function'
  )
    return task as Task;
  throw new EngramError('E0802', `task module ${path} does not export a task`, {
    facts: [['module', pathToFileURL(path).href]],
    fix: ['export default defineTask({ name, summary, options, *play(context) { … } })'],
  });
}

/**
 * Options from the command line's words, checked by the task's schema. Throws E0101 with every problem.
 */
export function parseTaskOptions<Options>(
  task: Task<Options>,
  words: Readonly<Record<string, string>>,
): Options {
  return checkTaskOptions(
    task,
    Object.fromEntries(Object.entries(words).map(([name, text]) => [name, literal(text)])),
  );
}

/** Options by name, checked by the task's schema, with its defaults. Throws E0101 with every problem. */
export function checkTaskOptions<Options>(
  task: Task<Options>,
  values: Readonly<Record<string, unknown>>,
): Options {
  const result = task.options.safeParse(values);
  if (result.success) return result.data;
  throw new EngramError('E0101', `task '${task.name}' does not take these options`, {
    problems: result.error.issues.map((issue) => ({
      path: issue.path.join('.') || task.name,
      message: issue.message,
    })),
    fix: [`see its options with: engram run --task ${task.name} --list-options`],
  });
}

/** Names of a task's options, as its schema declares them; null where it does not say. */
export function taskOptionNames(task: Task): string[] | null {
  const { shape } = task.options as { shape?: Record<string, unknown> };
  return shape ? Object.keys(shape) : null;
}

function literal(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
