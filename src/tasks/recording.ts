import { EngramError } from '../errors/engram-error.js';
import type { SpikeRecord } from './task.js';

/** A recorded reward: tick, modulator by name, value. */
export interface RecordedReward {
  readonly tick: number;
  readonly modulator: string;
  readonly value: number;
}

export interface Recording {
  readonly ticks: number[];
  readonly units: number[];
  readonly rewards: RecordedReward[];
}

const maxTick = 0xffff_ffff;

/**
 * Reads spikes and rewards. CSV: `tick,neuron` for spikes (a heading is allowed), `tick,value` or
 * `tick,modulator,value` for rewards. JSON lines: `{"tick":5,"neuron":3}` and
 * `{"tick":9,"reward":1,"modulator":"reward"}`, mixed. All bad lines are reported at once (E0803).
 */
export function readRecording(text: string, file: string, kind: 'spikes' | 'rewards'): Recording {
  const recording: Recording = { ticks: [], units: [], rewards: [] };
  const problems: { path: string; message: string; allowed: string }[] = [];
  text.split(/\r?\n/).forEach((line, n) => {
    const content = line.trim();
    if (content === '' || content.startsWith('#') || (n === 0 && /^[a-z_, ]+$/i.test(content))) return;
    const problem = content.startsWith('{')
      ? readJson(content, recording)
      : readCsv(content, kind, recording);
    if (problem) problems.push({ path: `${file}:${n + 1}`, ...problem });
  });
  if (problems.length === 0) return recording;
  throw new EngramError('E0803', `${file}: ${problems.length} of its lines cannot be read`, {
    problems: problems.slice(0, 20),
    fix: ['write one event a line: tick,neuron or {"tick":5,"neuron":3}'],
  });
}

type LineProblem = { message: string; allowed: string } | null;

function readCsv(line: string, kind: 'spikes' | 'rewards', into: Recording): LineProblem {
  const cells = line.split(',').map((cell) => cell.trim());
  const tick = Number(cells[0]);
  if (kind === 'spikes')
    return cells.length === 2 ? addSpike(tick, Number(cells[1]), line, into) : bad(line, 'tick,neuron');
  const value = Number(cells.at(-1));
  if (cells.length < 2 || cells.length > 3) return bad(line, 'tick,value or tick,modulator,value');
  return addReward(tick, cells.length === 3 ? cells[1]! : 'reward', value, line, into);
}

function readJson(line: string, into: Recording): LineProblem {
  let event: { tick?: unknown; neuron?: unknown; reward?: unknown; modulator?: unknown };
  try {
    event = JSON.parse(line);
  } catch {
    return bad(line, 'a JSON object');
  }
  const tick = typeof event.tick === 'number' ? event.tick : Number.NaN;
  if (typeof event.neuron === 'number') return addSpike(tick, event.neuron, line, into);
  if (typeof event.reward === 'number')
    return addReward(
      tick,
      typeof event.modulator === 'string' ? event.modulator : 'reward',
      event.reward,
      line,
      into,
    );
  return bad(line, 'an object with "tick" and either "neuron" or "reward"');
}

function addSpike(tick: number, neuron: number, line: string, into: Recording): LineProblem {
  if (!isWhole(tick) || !isWhole(neuron)) return bad(line, 'whole numbers from 0 for tick and neuron');
  into.ticks.push(tick);
  into.units.push(neuron);
  return null;
}

function addReward(
  tick: number,
  modulator: string,
  value: number,
  line: string,
  into: Recording,
): LineProblem {
  if (!isWhole(tick) || !(Math.abs(value) < 2048))
    return bad(line, 'a tick from 0 and a value between -2047 and 2047');
  into.rewards.push({ tick, modulator, value });
  return null;
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= maxTick;
}

function bad(line: string, allowed: string): { message: string; allowed: string } {
  return { message: `"${line.slice(0, 60)}" is not an event`, allowed };
}

/** Spikes as text, in the form that `readRecording` takes. */
export function spikesText(spikes: SpikeRecord, form: 'csv' | 'jsonl'): string {
  const lines: string[] = [];
  for (let n = 0; n < spikes.count; n++) {
    const tick = spikes.ticks[n]!;
    const neuron = spikes.units[n]!;
    lines.push(form === 'csv' ? `${tick},${neuron}` : JSON.stringify({ tick, neuron }));
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
