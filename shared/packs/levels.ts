/** Sigma's levels, mildest first. */
export const SIGMA_LEVEL_NAMES = ['informational', 'low', 'medium', 'high', 'critical'] as const;
