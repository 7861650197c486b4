/** Process exit codes. 1 is kept for bugs, 124 for a time-out the user asked for, 130 for an interrupt. */
export const exitCodes = {
  ok: 0,
  internal: 1,
  usage: 2,
  invalidInput: 3,
  doesNotFit: 4,
  noDevice: 5,
  noAccess: 6,
  link: 7,
  mismatch: 8,
  version: 9,
  expectation: 10,
  timeout: 124,
  interrupted: 130,
} as const;

interface ErrorKind {
  readonly exit: number;
  readonly title: string;
}

/**
 * Every error engram can report. Blocks of a hundred by part: 01 command line, 02 network description,
 * 03 learning rules, 04 compiler and fit, 05 image, 06 ports and devices, 07 link and protocol,
 * 08 tasks and their files, 09 emulator, 10 hardware tests, 11 flashing.
 */
export const errorCodes = {
  E0101: { exit: exitCodes.usage, title: 'wrong command-line usage' },
  E0102: { exit: exitCodes.invalidInput, title: 'file cannot be read' },
  E0103: { exit: exitCodes.invalidInput, title: 'file cannot be written' },
  E0104: { exit: exitCodes.interrupted, title: 'interrupted' },
  E0105: { exit: exitCodes.usage, title: 'folder is not empty' },
  E0201: { exit: exitCodes.invalidInput, title: 'network description is invalid' },
  E0202: { exit: exitCodes.invalidInput, title: 'network file cannot be parsed' },
  E0203: { exit: exitCodes.invalidInput, title: 'network module does not export a network' },
  E0301: { exit: exitCodes.invalidInput, title: 'learning rule cannot be parsed' },
  E0302: { exit: exitCodes.invalidInput, title: 'learning rule is not possible' },
  E0401: { exit: exitCodes.doesNotFit, title: 'network does not fit the target' },
  E0402: { exit: exitCodes.usage, title: 'unknown target' },
  E0403: { exit: exitCodes.doesNotFit, title: 'number cannot be represented on the target' },
  E0501: { exit: exitCodes.invalidInput, title: 'not an engram image' },
  E0502: { exit: exitCodes.version, title: 'image has another format version' },
  E0503: { exit: exitCodes.invalidInput, title: 'image is damaged' },
  E0504: { exit: exitCodes.version, title: 'image is for another target' },
  E0601: { exit: exitCodes.noDevice, title: 'no board found' },
  E0602: { exit: exitCodes.noDevice, title: 'several boards found' },
  E0603: { exit: exitCodes.noAccess, title: 'port is busy or not permitted' },
  E0604: { exit: exitCodes.noDevice, title: 'port does not exist' },
  E0605: { exit: exitCodes.noDevice, title: 'pseudo-terminals are not available here' },
  E0606: { exit: exitCodes.noDevice, title: 'board cannot be started here' },
  E0701: { exit: exitCodes.link, title: 'connection lost' },
  E0702: { exit: exitCodes.link, title: 'board did not answer in time' },
  E0703: { exit: exitCodes.version, title: 'board speaks another protocol version' },
  E0704: { exit: exitCodes.link, title: 'board refused the request' },
  E0705: { exit: exitCodes.version, title: 'board is another target' },
  E0706: { exit: exitCodes.link, title: 'board closed' },
  E0707: { exit: exitCodes.invalidInput, title: 'board refused the image' },
  E0708: { exit: exitCodes.interrupted, title: 'request was aborted' },
  E0801: { exit: exitCodes.usage, title: 'unknown task' },
  E0802: { exit: exitCodes.invalidInput, title: 'task module is invalid' },
  E0803: { exit: exitCodes.invalidInput, title: 'recording cannot be read' },
  E0804: { exit: exitCodes.invalidInput, title: 'task does not match the network' },
  E0805: { exit: exitCodes.expectation, title: 'task did not reach the expected result' },
  E0901: { exit: exitCodes.mismatch, title: 'checkpoint does not belong to this image' },
  E0902: { exit: exitCodes.invalidInput, title: 'state address is outside the image' },
  E0903: { exit: exitCodes.internal, title: 'thread of the emulator ended' },
  E1001: { exit: exitCodes.mismatch, title: 'board failed a hardware test' },
  E1002: { exit: exitCodes.mismatch, title: 'board computes something else than the emulator' },
  E1003: { exit: exitCodes.invalidInput, title: 'replay file cannot be read' },
  E1101: { exit: exitCodes.invalidInput, title: 'UF2 file is not sound' },
  E1102: { exit: exitCodes.invalidInput, title: 'firmware file cannot be used' },
  E1103: { exit: exitCodes.noDevice, title: 'no board in its bootloader' },
  E1104: { exit: exitCodes.link, title: 'bootloader refused or was lost' },
  E1105: { exit: exitCodes.mismatch, title: 'flash memory differs from what was written' },
  E1106: { exit: exitCodes.version, title: 'engram cannot flash this target' },
  E1107: { exit: exitCodes.link, title: 'board did not come back after flashing' },
  E1108: { exit: exitCodes.mismatch, title: 'board does not hold what was flashed' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCodes;
