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
