// Numbers on the command line.
import { InvalidArgumentError } from "commander";

export const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It must be an integer from 1 to 9999");
  return Number(text);
};

export const timeScale = (text: string): number => {
  if (!/^([1-9]\d?|100)$/.test(text)) throw new InvalidArgumentError("It must be an integer from 1 to 100");
  return Number(text);
};

export const waitSeconds = (text: string): number => {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > 3600) throw new InvalidArgumentError("It must be a number of seconds from 1 to 3600");
  return seconds;
};

export const portNumber = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("It must be a port from 0 to 65535");
  return Number(text);
};

const mostBytes = 256 * 1024 * 1024;

export const byteCount = (text: string): number => {
  const bytes = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (bytes < 1 || bytes > mostBytes) throw new InvalidArgumentError(`It must be an integer from 1 to ${mostBytes}`);
  return bytes;
};
