import { mutant } from "./_forward.ts";

export default mutant(
  { title: "Writes stray bytes after the end of the response", link: "https://www.rfc-editor.org/rfc/rfc9112#section-6.3" },
  () =>
    ({ response, straight }) => ({
      end: () => {
        const { socket } = response;
        straight.end();
        socket?.write("stray bytes");
      },
    }),
);
