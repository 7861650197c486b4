import type { BoardBulk, CoreBulk } from './image.js';
import { asNumbers } from './numbers.js';

/** Bytes of a section of numbers, each of `size` bytes. */
export type SectionBytes<N> = (name: N, size: number) => Uint8Array;

/** The board's sections of numbers as typed arrays, over the same memory. */
export function boardBulk(bytes: SectionBytes<keyof BoardBulk>): BoardBulk {
  return {
    inputRouteStart: asNumbers('u32', bytes('inputRouteStart', 4)),
    inputRoutes: asNumbers('u32', bytes('inputRoutes', 4)),
  };
}

/** A core's sections of numbers as typed arrays, over the same memory. */
export function coreBulk(bytes: SectionBytes<keyof CoreBulk>): CoreBulk {
  return {
    axons: asNumbers('u32', bytes('axons', 4)),
    routeStart: asNumbers('u32', bytes('routeStart', 4)),
    routes: asNumbers('u32', bytes('routes', 4)),
    bias: asNumbers('i32', bytes('bias', 4)),
    initial: asNumbers('i32', bytes('initial', 4)),
    index: asNumbers('u32', bytes('index', 4)),
    targets: asNumbers('u16', bytes('targets', 2)),
    weights8: asNumbers('i8', bytes('weights8', 1)),
    weights16: asNumbers('i16', bytes('weights16', 2)),
    columnAxons: asNumbers('u16', bytes('columnAxons', 2)),
  };
}
