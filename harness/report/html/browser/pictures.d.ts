export const pictures: () => void;
