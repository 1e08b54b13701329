/** The bounds of a connection, in bytes and frames: the mirror of bridge/limits.py. */

const MIB = 2 ** 20;

/** The bounds of a connection; bridge/limits.py says what each means. */
export const LIMITS = {
  frameBytes: 64 * MIB,
  queueBytes: 128 * MIB,
  transferBytes: 128 * MIB,
  chunkBytes: 1 * MIB,
  batchBytes: 1 * MIB,
  inFlightBytes: 8 * MIB,
  inFlightFrames: 256,
  ackBytes: 256 * 1024,
  ackFrames: 16,
};
