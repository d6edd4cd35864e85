/** The folder's name in what npm is asked for: `a` of `a@npm:b@3`, `@a/b` of `@a/b@3`. */
export const packageName = (wanted: string): string => wanted.match(/^@?[^@]+/)?.[0] ?? wanted;
