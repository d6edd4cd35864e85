// Where nginx is documented.
export const docs = "https://nginx.org/en/docs/";
