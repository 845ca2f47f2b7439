/* Leaflet is a classic script that runs before all modules; its global is taken here alone. */
export const L = globalThis.L;
