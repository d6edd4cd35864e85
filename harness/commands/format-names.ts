// The names of the output formats, without their code: for help.
import { readdirSync } from "node:fs";
import { join } from "node:path";

export const formatsFolder = join(import.meta.dirname, "../report/formats");

/** Sources, or what is built of them. */
const isFormat = (file: string): boolean => /(?<!\.d)\.[jt]s$/.test(file);

/** In alphabetical order. */
export const formatFiles = (): string[] => readdirSync(formatsFolder).filter(isFormat).toSorted();

export const nameOfFormat = (file: string): string => file.replace(/\.[jt]s$/, "");
