import { listTargets } from '../compiler/load-target.js';
import { listPorts, type PortInfo } from '../runtime/ports.js';
import { startedKinds } from './board-kinds.js';
import { table } from './table.js';

/** A kind of board that `--board` starts. */
export interface StartableBoard {
  readonly name: string;
  readonly target: string;
  readonly title: string;
  /** Why not here, and what to do; null if it can be started. */
  readonly missing: string | null;
}

/** Ports of this machine that a target claims, or all; and how many there are in all. */
export async function attachedBoards(all: boolean): Promise<{ shown: PortInfo[]; ports: number }> {
  const ports = await listPorts(listTargets());
  return { shown: all ? ports : ports.filter(({ target }) => target !== null), ports: ports.length };
}

export async function startableBoards(): Promise<StartableBoard[]> {
  const kinds = await startedKinds();
  const started = await Promise.all(
    kinds.map(async (kind) => ({
      name: kind.name,
      target: kind.target,
      title: kind.title,
      missing: await kind.unavailable(),
    })),
  );
  const virtual = { name: 'virtual', target: 'any', title: 'the emulator in this process', missing: null };
  return [virtual, ...started];
}

export function boardsText(shown: readonly PortInfo[], kinds: readonly StartableBoard[]): string {
  const attached = table(
    ['path', 'target', 'usb id', 'serial', 'access', 'what'],
    shown.map((port) => [
      port.path,
      port.target ?? '–',
      port.vendorId ? `${port.vendorId}:${port.productId}` : '–',
      port.serialNumber ?? '–',
      port.access,
      port.note ?? '',
    ]),
  );
  const startable = table(
    ['--board', 'target', 'what'],
    kinds.map(({ name, target, title, missing }) => [
      name,
      target,
      missing === null ? title : `${title}; not here: ${missing}`,
    ]),
  );
  return shown.length === 0 ? startable : `${attached}\n\n${startable}`;
}
