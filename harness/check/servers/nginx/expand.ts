// Words with variables in them.
/** Null: it cannot be determined. */
export type Value = string | null;
export type Resolve = (name: string) => Value;

export const reference = /\$(?:\{(\w+)\}|(\w+))/g;

export const expand = (text: string, resolve: Resolve): Value => {
  let unknown = false;
  const expanded = text.replaceAll(reference, (_, braced: string | undefined, bare: string | undefined) => {
    const value = resolve(braced ?? bare ?? "");
    unknown ||= value === null;
    return value ?? "";
  });
  return unknown ? null : expanded;
};
