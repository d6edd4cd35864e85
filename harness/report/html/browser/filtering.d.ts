export const filtering: () => void;
