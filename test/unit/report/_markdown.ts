// Markdown as GitHub reads it, as the tags of the page that comes of it.
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

export const htmlOf = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

/** All that is left of text is escaped in the page: whatever looks like a tag there is one. */
export const tagsOf = (markdown: string): string[] => htmlOf(markdown).match(/<[^>]*>/g) ?? [];
