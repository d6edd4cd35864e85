// How often an application has to send something so that no idle timeout cuts its stream.

/**
 * Half of the timeout, so that a heartbeat may be late by up to the same time; rounded down to whole seconds from 4 s on. Both in milliseconds.
 * Null: the timeout is too short for any.
 */
export const heartbeatFor = (timeoutMs: number): number | null => {
  const half = timeoutMs / 2;
  const everyMs = timeoutMs < 4000 ? Math.floor(half) : 1000 * Math.floor(half / 1000);
  return everyMs > 0 ? everyMs : null;
};
