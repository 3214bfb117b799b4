package io.fluxcore.domain.time;

/** Which time a source's rows carry. */
public enum TimeCharacteristic {
  /** The time in the event. */
  EVENT,
  /** The time at which the source read the event; watermarks follow it. */
  INGESTION,
  /** No timestamps: operators use the processing time of their host. */
  PROCESSING
}
