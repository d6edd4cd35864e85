// Places in a picture: across in percent of its width, so that it fits every screen without a script; down in pixels.
import { duration } from "../text.ts";

/** A time's place, with three decimals: finer than a pixel of the widest screen. */
export const across = (ms: number, totalMs: number): string => `${Math.round((ms / totalMs) * 100_000) / 1000}%`;

interface Tick {
  ms: number;
  text: string;
}

/** Round times, five or six of them: 1, 2 or 5 times a power of ten apart. */
export const ticksOf = (totalMs: number, most = 5): Tick[] => {
  const rough = totalMs / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(totalMs / step + 1e-9) + 1 }, (_, index) => ({
    ms: index * step,
    text: index === 0 ? "0" : duration(index * step),
  }));
};

/** `1.2 kB`. */
export const bytesInWords = (bytes: number): string => {
  const [size, unit] = bytes >= 1e6 ? [bytes / 1e6, "MB"] : bytes >= 1e3 ? [bytes / 1e3, "kB"] : [bytes, "B"];
  return `${Number(size.toPrecision(3))} ${unit}`;
};
