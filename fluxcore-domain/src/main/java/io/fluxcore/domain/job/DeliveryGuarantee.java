package io.fluxcore.domain.job;

/** How often the effect of an event shows after failures, from weakest to strongest. */
public enum DeliveryGuarantee {
  AT_MOST_ONCE,
  AT_LEAST_ONCE,
  EXACTLY_ONCE
}
