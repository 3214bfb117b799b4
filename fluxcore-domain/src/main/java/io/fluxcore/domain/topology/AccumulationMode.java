package io.fluxcore.domain.topology;

/** How later results of one window relate to earlier ones (Akidau et al., The Dataflow Model). */
public enum AccumulationMode {
  /** Each result holds everything so far and stands for itself. */
  ACCUMULATING,
  /** Each result holds only what came since the last one. */
  DISCARDING,
  /** Each result holds everything so far, and takes the last one back before. */
  RETRACTING
}
