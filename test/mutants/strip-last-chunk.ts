import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Closes the connection instead of sending the last chunk", link: "https://www.rfc-editor.org/rfc/rfc9112#section-8" },
  () =>
    ({ response, straight }) => ({
      end: () => (response.chunkedEncoding ? response.socket?.destroySoon() : straight.end()),
    }),
);
