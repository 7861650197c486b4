/** 'baseTick', 'SpikeGroup' → 'base_tick', 'spike_group'. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

export const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
