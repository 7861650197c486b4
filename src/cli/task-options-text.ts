import { z } from 'zod';
import type { Task } from '../tasks/task.js';
import { table } from './table.js';

/** Options of a task with their defaults, as its schema declares them. */
export function taskOptionsText(task: Task): string {
  const schema = z.toJSONSchema(task.options, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { default?: unknown; description?: string; type?: string }>;
  };
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    name,
    property.type ?? '',
    property.default === undefined ? '' : String(property.default),
    property.description ?? '',
  ]);
  return `${task.name}: ${task.summary}\n\n${table(['option', 'type', 'default', ''], rows)}`;
}
