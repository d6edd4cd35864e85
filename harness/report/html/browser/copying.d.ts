export const copying: () => void;
