import type { Row } from '../rows.js';

/** A figure in cycles, with the most it should be. */
export function cyclesRow(name: string, value: number, goal: number | null): Row {
  return {
    name,
    value: Math.round(value * 10) / 10,
    unit: 'cycles',
    goal: goal === null ? null : `<= ${goal}`,
    met: goal === null ? null : value <= goal,
  };
}
