export const comparing: () => void;
