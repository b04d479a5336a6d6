/** How long a movement of the canvas takes, in milliseconds: none for who wants none. */
export const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200);
